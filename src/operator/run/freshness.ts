import type { Clock } from "../../base/clock.ts";
import { compareVersions } from "../../projection/versions.ts";

/** An object that was made and removed between two events is never seen; nothing is held up by it for longer than this. */
const LONGEST_WAIT_MS = 30_000;

/** A write of ours that a cache has to show. */
export interface Written {
  /** The version that the cache holds of the object now. */
  readonly cached: () => string | undefined;
  /** What the write was planned on; undefined for a creation. */
  readonly from: string | undefined;
  /** What the write answered; undefined for a removal. */
  readonly to: string | undefined;
}

/**
 * The operator's own writes that its caches do not show yet. A plan made on a state from before one's own last write
 * would be made on a state that is known to be gone.
 */
export class Freshness {
  readonly #clock: Clock;
  readonly #written = new Map<string, readonly (Written & { readonly until: number })[]>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Plans of this queue key wait for the write. */
  expect(key: string, written: Written): void {
    const until = this.#clock.monotonic() + LONGEST_WAIT_MS;
    this.#written.set(key, [...(this.#written.get(key) ?? []), { ...written, until }]);
  }

  /** Whether the caches show all that was written for the key. */
  isCurrent(key: string): boolean {
    const written = this.#written.get(key);
    if (!written) return true;
    const now = this.#clock.monotonic();
    const missing = written.filter((one) => now < one.until && !isShown(one));
    if (missing.length > 0) this.#written.set(key, missing);
    else this.#written.delete(key);
    return missing.length === 0;
  }
}

function isShown({ cached, from, to }: Written): boolean {
  const version = cached();
  if (to === undefined) return version !== from;
  return version !== undefined && compareVersions(version, to) >= 0;
}
