import type { Clock } from "../../base/clock.ts";
import { compareVersions } from "../../projection/versions.ts";

/** The cache never shows an object that was created and deleted between two events; the wait for a write ends after this time. */
const LONGEST_WAIT_MS = 30_000;

/** A completed write that a cache has to show before the next plan. */
export interface Written {
  /** The resourceVersion that the cache has of the object. */
  readonly cached: () => string | undefined;
  /** The resourceVersion before the write; undefined if any older one counts as older. */
  readonly from: string | undefined;
  /** The resourceVersion after the write; undefined for a removal. */
  readonly to: string | undefined;
}

/**
 * The operator's own writes that its caches do not show yet. A plan is not made before they do, since it would start from a state
 * that is known to be stale.
 */
export class Freshness {
  readonly #clock: Clock;
  readonly #written = new Map<string, readonly (Written & { readonly until: number })[]>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Delays plans for this work key until the cache shows the write. */
  expect(key: string, written: Written): void {
    const until = this.#clock.monotonic() + LONGEST_WAIT_MS;
    this.#written.set(key, [...(this.#written.get(key) ?? []), { ...written, until }]);
  }

  /** Whether the caches show every write for the key. */
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
