/** RFC 3339 text with a zone as epoch milliseconds; undefined for any other value. Without a zone the instant is not known. */
export function timeOfText(value: unknown): number | undefined {
  const isTime = typeof value === "string" && /^\d{4}-\d\d-\d\dT\d\d:\d\d.*(Z|[+-]\d\d:?\d\d)$/i.test(value);
  const time = isTime ? Date.parse(value) : Number.NaN;
  return Number.isNaN(time) ? undefined : time;
}
