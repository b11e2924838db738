import type { Clock } from "../../base/clock.ts";

/** A sleep that can be cut short. One that is woken while nobody sleeps makes the next sleep end at once. */
export class Nap {
  readonly #clock: Clock;
  #woken = false;
  #current: AbortController | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  wake(): void {
    this.#woken = true;
    this.#current?.abort();
  }

  /** Resolves after so long, on `wake`, or when the signal aborts; answers whether it was woken. */
  async sleep(ms: number, signal: AbortSignal): Promise<boolean> {
    if (!this.#woken && !signal.aborted) {
      const nap = new AbortController();
      const end = () => nap.abort();
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
