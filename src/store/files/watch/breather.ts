import { setImmediate } from "node:timers/promises";

/** How long a long pass may keep the event loop before it lets other work in, in milliseconds. */
const LONGEST_MS = 8;

/** Splits a long pass over many files, so that Checks are answered meanwhile. */
export class Breather {
  #since = performance.now();

  /** Returns a promise to await when the pass has kept the event loop for long enough. */
  pause(): Promise<void> | undefined {
    return performance.now() - this.#since < LONGEST_MS ? undefined : this.#rest();
  }

  /** Resolves after the events that are waiting now. */
  async #rest(): Promise<void> {
    await setImmediate();
    this.#since = performance.now();
  }
}
