/** Times that a comparison of two documents depends on, in epoch milliseconds. */
export interface Times {
  readonly now: number;
  /**
   * An end at or after this instant removes nothing yet: a verifier that has not applied the document by then is out of
   * contact for longer than --max-staleness, and denies everything.
   */
  readonly horizon: number;
}

/** Whether `all` has every one of `some`. */
export function includes<T>(all: readonly T[], some: readonly T[]): boolean {
  const set = new Set(all);
  return some.every((one) => set.has(one));
}

/** Whether an end (RFC 3339; undefined is never) is not brought forward, or not to before the horizon. */
export function endsNoEarlier(
  before: string | undefined,
  after: string | undefined,
  { horizon }: Times,
): boolean {
  const end = after === undefined ? Number.POSITIVE_INFINITY : Date.parse(after);
  return end >= horizon || end >= (before === undefined ? Number.POSITIVE_INFINITY : Date.parse(before));
}
