/** Waiting times that double from the first to the longest, each made shorter by chance so that many do not ask at once. */
export class Backoff {
  readonly #firstMs: number;
  readonly #longestMs: number;
  readonly #random: () => number;
  #failures = 0;

  constructor(firstMs = 100, longestMs = 30_000, random: () => number = Math.random) {
    this.#firstMs = firstMs;
    this.#longestMs = longestMs;
    this.#random = random;
  }

  /** How long to wait now, in milliseconds. */
  next(): number {
    const full = Math.min(this.#longestMs, this.#firstMs * 2 ** this.#failures);
    this.#failures = Math.min(this.#failures + 1, 30);
    return full * (0.5 + this.#random() / 2);
  }

  /** It worked: the next wait is the first again. */
  reset(): void {
    this.#failures = 0;
  }
}
