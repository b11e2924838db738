/** Days as whole numbers since the epoch, in UTC: last use is recorded by day. */

const DAY_MS = 86_400_000;

/** The day of an instant (epoch milliseconds). */
export function dayOf(ms: number): number {
  return Math.floor(ms / DAY_MS);
}

/** The instant at which a day begins, in epoch milliseconds. */
export function startOfDay(day: number): number {
  return day * DAY_MS;
}

/** A day as `2026-11-28`. */
export function dayText(day: number): string {
  return new Date(startOfDay(day)).toISOString().slice(0, "2026-11-28".length);
}

/** The day that `dayText` wrote; undefined for any other text. */
export function parseDay(text: string): number | undefined {
  if (!/^[0-9]{4}-[0-9]{2}-[0-9]{2}$/.test(text)) return undefined;
  const ms = Date.parse(`${text}T00:00:00Z`);
  return Number.isNaN(ms) ? undefined : dayOf(ms);
}
