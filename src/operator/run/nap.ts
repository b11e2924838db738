import type { Clock } from "../../base/clock.ts";

/** Without a reason, Node makes an exception with a stack trace for each abort: 5 % of the start of standalone with 10,000 objects. */
const WOKEN = "woken";

/** An interruptible sleep. A wake without a sleeper ends the next sleep at once. */
export class Nap {
  readonly #clock: Clock;
  #woken = false;
  #current: AbortController | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  wake(): void {
    this.#woken = true;
    this.#current?.abort(WOKEN);
  }

  /** Resolves after `ms`, on `wake`, or when the signal aborts. Returns whether it was woken. */
  async sleep(ms: number, signal: AbortSignal): Promise<boolean> {
    if (!this.#woken && !signal.aborted) {
      const nap = new AbortController();
      const end = () => nap.abort(WOKEN);
      signal.addEventListener("abort", end);
      this.#current = nap;
      await this.#clock.sleep(ms, nap.signal);
      this.#current = undefined;
      signal.removeEventListener("abort", end);
    }
    const isWoken = this.#woken;
    this.#woken = false;
    return isWoken;
  }
}
