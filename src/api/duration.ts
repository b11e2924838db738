const UNIT_MS = { h: 3_600_000, m: 60_000, s: 1_000 } as const;

/** Milliseconds of a duration such as `168h` or `1h30m`, as the schemas allow it; throws on any other text, which is a bug. */
export function parseDuration(text: string): number {
  if (!/^([0-9]{1,5}[hms]){1,3}$/.test(text)) throw new Error(`not a duration in h, m and s: ${text}`);
  const parts = text.match(/[0-9]+[hms]/g) ?? [];
  return parts.reduce(
    (sum, part) => sum + Number(part.slice(0, -1)) * UNIT_MS[part.slice(-1) as "h" | "m" | "s"],
    0,
  );
}
