/** What one write of a reconcile shows about the load of the store. */
export type Load =
  /** The store replied after this time, in milliseconds, its own retries included. */
  | { readonly kind: "replied"; readonly ms: number }
  /** The store did not reply, or replied that it cannot serve the request. */
  | { readonly kind: "failed" };

/** While writes take less than this, the store has room for more of them, in milliseconds. */
const QUICK_MS = 50;
/** A write takes as long as this if the store is overloaded: the shortest Retry-After of an API server is 1 s. In milliseconds. */
const OVERLOADED_MS = 1_000;
const FIRST = 8;

/**
 * How many objects are reconciled concurrently: additive increase, multiplicative decrease. It starts at 8 and grows by one per round, which
 * is as many writes as the limit has, while all of them are quick. It is halved at most once per round when the store is overloaded: a
 * write fails, or takes a second. Between quick and overloaded it stays as it is.
 */
export class AdaptiveLimit {
  readonly #most: number;
  #value: number;
  /** Writes of this round so far, and whether all of them were quick. */
  #count = 0;
  #isQuick = true;
  /** Overload counts once per round: writes that were in flight when the limit was halved fail too. */
  #isHalved = false;

  /** `most`: at least 1. */
  constructor(most: number) {
    this.#most = most;
    this.#value = Math.min(FIRST, most);
  }

  /** A whole number from 1 to `most`. */
  get value(): number {
    return this.#value;
  }

  /** Takes the result of one write. `inUse`: how many objects are reconciled now; a limit that is not reached does not grow. */
  note(load: Load, inUse: number): void {
    const isOverloaded = load.kind === "failed" || load.ms >= OVERLOADED_MS;
    if (isOverloaded && !this.#isHalved) {
      this.#begin(Math.max(1, Math.floor(this.#value / 2)), true);
      return;
    }
    this.#count += 1;
    this.#isQuick &&= !isOverloaded && load.ms < QUICK_MS && inUse >= this.#value;
    if (this.#count >= this.#value) this.#begin(this.#value + (this.#isQuick ? 1 : 0), false);
  }

  #begin(value: number, isHalved: boolean): void {
    this.#value = Math.min(value, this.#most);
    this.#count = 0;
    this.#isQuick = true;
    this.#isHalved = isHalved;
  }
}
