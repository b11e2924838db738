export interface BackoffOptions {
  /** The wait after the first failure, in milliseconds. */
  readonly firstMs: number;
  /** No wait is longer than this, in milliseconds. */
  readonly longestMs: number;
  /**
   * A number from 0 to below 1 for each wait: up to half of the wait is cut in that proportion, so that many clients that failed
   * together do not retry together. Default: 0, the full wait.
   */
  readonly jitter?: () => number;
}

/** Exponential back-off: each wait is twice the one before, up to the longest. */
export class Backoff {
  readonly #firstMs: number;
  readonly #longestMs: number;
  readonly #jitter: () => number;
  #failures = 0;

  constructor({ firstMs, longestMs, jitter = () => 0 }: BackoffOptions) {
    this.#firstMs = firstMs;
    this.#longestMs = longestMs;
    this.#jitter = jitter;
  }

  /** The wait after one more failure, in milliseconds. */
  next(): number {
    const full = Math.min(this.#longestMs, this.#firstMs * 2 ** this.#failures);
    this.#failures++;
    return full * (1 - this.#jitter() / 2);
  }

  /** Call it after a success: the next wait is the first again. */
  reset(): void {
    this.#failures = 0;
  }
}
