/** The beginning of the epoch, as a timestamp where none is known, and where the API server cannot be asked for one. */
export const EPOCH = "1970-01-01T00:00:00Z";

/** Milliseconds since the epoch as Kubernetes writes metav1.Time: RFC 3339 in UTC, cut to whole seconds. */
export function timestamp(ms: number): string {
  return `${new Date(Math.floor(ms / 1_000) * 1_000).toISOString().slice(0, -".000Z".length)}Z`;
}

/** Milliseconds since the epoch as Kubernetes writes metav1.MicroTime: RFC 3339 in UTC with microseconds. */
export function microTimestamp(ms: number): string {
  return new Date(ms).toISOString().replace("Z", "000Z");
}

/** Milliseconds since the epoch of an RFC 3339 timestamp or of an HTTP date; undefined for any other text. */
export function parseTime(text: string): number | undefined {
  const ms = Date.parse(text);
  return Number.isNaN(ms) ? undefined : ms;
}
