import type { Clock } from "../observe/clock.ts";
import type { VerifierLease } from "../store/store.ts";

/** A Lease that changed this recently belongs to a verifier that surely runs. */
const ACTIVE_MS = 30_000;

interface Seen {
  readonly resourceVersion: string;
  /** Monotonic time at which a list that showed this version had ended. */
  readonly since: number;
}

/** Tells dead Leases from living ones, by the operator's own monotonic clock alone: a Lease's times are its writer's. */
export class LeaseWatch {
  readonly #clock: Clock;
  readonly #seen = new Map<string, Seen>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /**
   * Takes a list that began at `startedAt` and has just ended. Dead is a Lease that two lists, its own duration apart, show at
   * the same version; the verifier has by then refused everything for lack of contact. A Lease seen for the first time is active.
   */
  look(
    leases: readonly VerifierLease[],
    startedAt: number,
  ): { readonly dead: readonly VerifierLease[]; readonly active: ReadonlySet<string> } {
    const now = this.#clock.monotonic();
    const names = new Set(leases.map(({ name }) => name));
    for (const name of [...this.#seen.keys()]) if (!names.has(name)) this.#seen.delete(name);
    for (const { name, resourceVersion } of leases) {
      if (this.#seen.get(name)?.resourceVersion !== resourceVersion)
        this.#seen.set(name, { resourceVersion, since: now });
    }
    const unchanged = ({ name }: VerifierLease) => startedAt - (this.#seen.get(name)?.since ?? now);
    return {
      dead: leases.filter((lease) => unchanged(lease) >= Math.max(lease.leaseDurationSeconds, 1) * 1000),
      active: new Set(leases.filter((lease) => unchanged(lease) <= ACTIVE_MS).map(({ name }) => name)),
    };
  }
}
