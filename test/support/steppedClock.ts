import type { Clock } from "../../src/base/clock.ts";

/** A clock that stands still until a test moves it forward, which wakes those whose sleep is over. */
export class SteppedClock implements Clock {
  #now = 1_000_000;
  /** The wall clock may be set; the monotonic one may not. */
  wallOffset = 0;
  readonly #sleepers = new Set<{ readonly until: number; readonly wake: () => void }>();

  wall(): number {
    return this.#now + this.wallOffset;
  }

  monotonic(): number {
    return this.#now;
  }

  sleep(ms: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const sleeper = { until: this.#now + ms, wake: resolve };
      this.#sleepers.add(sleeper);
      signal.addEventListener("abort", () => {
        this.#sleepers.delete(sleeper);
        resolve();
      });
      if (signal.aborted) resolve();
    });
  }

  /** Moves time forward step by step; after each step everything that waits for a promise continues. */
  async advance(ms: number, step = 50): Promise<void> {
    for (const end = this.#now + ms; this.#now < end; ) {
      this.#now += step;
      for (const sleeper of [...this.#sleepers]) {
        if (sleeper.until > this.#now) continue;
        this.#sleepers.delete(sleeper);
        sleeper.wake();
      }
      await settle();
    }
  }
}

/** Lets everything that waits for a promise continue. */
export async function settle(): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve));
}
