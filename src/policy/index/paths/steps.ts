/**
 * The most steps for the paths with variables of one request, where a step reads one character of the request's path or
 * tries one pattern. A path of 200 characters has enough for 5,000 patterns with two variables that begin and end alike.
 */
const MAX_STEPS = 1_000_000;

/** Counts steps up to a limit. */
export class StepCounter {
  readonly #limit: number;
  #taken = 0;

  constructor(limit: number) {
    this.#limit = limit;
  }

  take(steps: number): void {
    this.#taken += steps;
  }

  get taken(): number {
    return this.#taken;
  }

  get isSpent(): boolean {
    return this.#taken >= this.#limit;
  }
}

/** What matching one request costs. */
export class Steps {
  // Made when they are needed, since most requests need neither.
  #lookups: StepCounter | undefined = undefined;
  #searches: StepCounter | undefined = undefined;

  /** Look-ups of prefixes need no limit: one for each distinct length that the path has room for. */
  get lookups(): StepCounter {
    this.#lookups ??= new StepCounter(Number.POSITIVE_INFINITY);
    return this.#lookups;
  }

  /** Only paths of namespaces that own the host count, so that other namespaces cannot use up the steps. */
  get searches(): StepCounter {
    this.#searches ??= new StepCounter(MAX_STEPS);
    return this.#searches;
  }

  get taken(): number {
    return (this.#lookups?.taken ?? 0) + (this.#searches?.taken ?? 0);
  }

  /** Whether the search had to stop, so that a more specific path may be left. */
  get areSpent(): boolean {
    return this.#searches?.isSpent === true;
  }
}
