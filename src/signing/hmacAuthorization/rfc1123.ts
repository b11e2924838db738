const DAYS = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"];
const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
const RFC_1123 = /^([A-Z][a-z]{2}), (\d{1,2}) ([A-Z][a-z]{2}) (\d{4}) (\d{2}):(\d{2}):(\d{2}) GMT$/;

/** The text that was parsed last: callers of one second send the same. */
let last: { readonly text: string; readonly time: number | undefined } = { text: "", time: undefined };

/**
 * Milliseconds of an RFC 1123 date in GMT, the one form that the vendor documents; undefined for every other text, so
 * also for what `Date.parse` would guess at. The day of the week must be the right one, and the day must exist.
 */
export function parseDate(text: string): number | undefined {
  if (text !== last.text) last = { text, time: parsed(text) };
  return last.time;
}

function parsed(text: string): number | undefined {
  const match = RFC_1123.exec(text);
  if (!match) return undefined;
  const [, weekday, day, monthName, year, hour, minute, second] = match;
  const month = MONTHS.indexOf(monthName ?? "");
  if (month < 0 || Number(hour) > 23 || Number(minute) > 59 || Number(second) > 59) return undefined;
  const date = new Date(
    Date.UTC(Number(year), month, Number(day), Number(hour), Number(minute), Number(second)),
  );
  const exists = date.getUTCDate() === Number(day) && date.getUTCMonth() === month;
  return exists && DAYS[date.getUTCDay()] === weekday ? date.getTime() : undefined;
}

/** Whether the date is at most the skew away from now, either way; all in milliseconds. */
export function isInWindow(date: number, now: number, skew: number): boolean {
  return Math.abs(now - date) <= skew;
}
