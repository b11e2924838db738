const UNIT_MS = { h: 3_600_000, m: 60_000, s: 1_000, ms: 1 } as const;
const UNIT = "(?:h|ms|m|s)";
const DURATION = new RegExp(`^(?:[0-9]{1,5}${UNIT}){1,4}$`);
const PART = new RegExp(`([0-9]+)(${UNIT})`, "g");

/**
 * Milliseconds of a duration such as `168h`, `1h30m` or `500ms`: the syntax of Gateway API (GEP-2257). Flags take all of it; the
 * schemas of the three kinds allow h, m and s. Throws on any other text.
 */
export function parseDuration(text: string): number {
  if (!DURATION.test(text)) throw new Error(`not a duration in h, m, s and ms: ${text}`);
  return [...text.matchAll(PART)].reduce(
    (sum, [, count, unit]) => sum + Number(count) * UNIT_MS[unit as keyof typeof UNIT_MS],
    0,
  );
}
