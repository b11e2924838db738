import type { Clock } from "../base/clock.ts";

/** An instant on both clocks. */
export interface Moment {
  readonly wall: number;
  readonly monotonic: number;
}

export function momentOf(clock: Clock): Moment {
  return { wall: clock.wall(), monotonic: clock.monotonic() };
}

/**
 * How long ago the projections were last known to be current: the larger of the two clocks' values, so that neither a
 * suspended machine nor a clock set back makes old data look young. It is looked at in every decision, not by a timer.
 */
export class Contact {
  readonly #clock: Clock;
  #lease: Moment | undefined;
  #probe: Moment | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** A Lease write that began then has succeeded. */
  leaseWritten(began: Moment): void {
    this.#lease = began;
  }

  /** What the cluster held when a probe began has been applied. */
  probeReached(began: Moment): void {
    this.#probe = began;
  }

  /** Forgets everything: nothing is known to be current. */
  reset(): void {
    this.#lease = undefined;
    this.#probe = undefined;
  }

  /** Milliseconds since the older of the two; Infinity before both have happened. */
  age(): number {
    if (!this.#lease || !this.#probe) return Number.POSITIVE_INFINITY;
    return Math.max(ageOf(this.#lease, this.#clock), ageOf(this.#probe, this.#clock));
  }
}

function ageOf(moment: Moment, clock: Clock): number {
  return Math.max(clock.monotonic() - moment.monotonic, clock.wall() - moment.wall, 0);
}
