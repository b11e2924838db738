import { ConnectionError, ERROR } from "./frames.ts";

/** How often a client may do something that costs this process more than it costs the client. */
export class Quota {
  readonly #burst: number;
  readonly #perTick: number;
  readonly #what: string;
  #left: number;

  /** `burst` at once, and `perTick` more after each tick. `what` is for the error. */
  constructor(what: string, burst: number, perTick: number) {
    this.#what = what;
    this.#burst = burst;
    this.#perTick = perTick;
    this.#left = burst;
  }

  tick(): void {
    this.#left = Math.min(this.#burst, this.#left + this.#perTick);
  }

  /** Throws ConnectionError if the client has done it too often. */
  use(): void {
    if (--this.#left < 0) throw new ConnectionError(ERROR.enhanceYourCalm, `too many ${this.#what}`);
  }
}
