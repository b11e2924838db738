/**
 * The most steps for one request. A step is one character of the path that is read by a look-up or a search, or one pattern
 * that is tried. Look-ups of prefixes take 400,000 at most, however many grants there are. A path of 200 characters has
 * enough for 5,000 patterns with two variables that begin and end alike.
 */
const MAX_STEPS = 1_000_000;

/** Counts what matching one request costs, up to the bound. */
export class Steps {
  #taken = 0;

  take(steps: number): void {
    this.#taken += steps;
  }

  get taken(): number {
    return this.#taken;
  }

  get areSpent(): boolean {
    return this.#taken >= MAX_STEPS;
  }
}
