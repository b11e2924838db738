import type { Clock } from "../../base/clock.ts";
import { SILENT_AFTER_MS, type VerifierLease } from "../../store/store.ts";

/**
 * Between two lists at most this much counts as silence: while the API server is away the operator cannot list, and no
 * verifier can renew. The first list after an outage must not take every verifier for silent.
 */
const LONGEST_GAP_MS = 15_000;

/** One verifier as its Lease shows it. */
export type JudgedVerifier =
  | { readonly lease: VerifierLease; readonly state: "live" }
  | {
      readonly lease: VerifierLease;
      readonly state: "silent";
      /** Since when its Lease has not changed, in epoch milliseconds by the operator's clock. */
      readonly since: number;
      /** When it has fenced itself at the latest, in epoch milliseconds: its Lease is deleted then. */
      readonly until: number;
    };

interface Observed {
  readonly resourceVersion: string;
  /** Monotonic time at which the first list that showed this version had ended. */
  readonly since: number;
  /** The same instant, in epoch milliseconds. */
  readonly wall: number;
  /** How long the version has been unchanged while the operator could list, in milliseconds. */
  quietMs: number;
}

/**
 * Judges verifiers by whether their Leases change, by the operator's own monotonic clock alone: the times in a Lease are
 * its writer's. A Lease that is seen for the first time belongs to a live verifier.
 */
export class LeaseWatch {
  readonly #clock: Clock;
  readonly #observed = new Map<string, Observed>();
  #lastAt: number | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /**
   * Takes a list that began at `startedAt` (monotonic) and has just ended. A Lease has expired when two lists, its own
   * duration apart, show the same version: the verifier denies everything by then, for lack of contact.
   */
  judge(
    leases: readonly VerifierLease[],
    startedAt: number,
  ): { readonly expired: readonly VerifierLease[]; readonly verifiers: readonly JudgedVerifier[] } {
    this.#observe(leases);
    const unchangedMs = ({ name }: VerifierLease) =>
      startedAt - (this.#observed.get(name)?.since ?? startedAt);
    return {
      expired: leases.filter((lease) => unchangedMs(lease) >= durationMs(lease)),
      verifiers: leases.map((lease) => judged(lease, this.#observed.get(lease.name))),
    };
  }

  #observe(leases: readonly VerifierLease[]): void {
    const now = this.#clock.monotonic();
    const gap = Math.min(now - (this.#lastAt ?? now), LONGEST_GAP_MS);
    this.#lastAt = now;
    const names = new Set(leases.map(({ name }) => name));
    for (const name of [...this.#observed.keys()]) if (!names.has(name)) this.#observed.delete(name);
    for (const { name, resourceVersion } of leases) {
      const before = this.#observed.get(name);
      if (before?.resourceVersion === resourceVersion) before.quietMs += gap;
      else this.#observed.set(name, { resourceVersion, since: now, wall: this.#clock.wall(), quietMs: 0 });
    }
  }
}

function judged(lease: VerifierLease, observed: Observed | undefined): JudgedVerifier {
  if (!observed || observed.quietMs <= SILENT_AFTER_MS) return { lease, state: "live" };
  return { lease, state: "silent", since: observed.wall, until: observed.wall + durationMs(lease) };
}

function durationMs({ leaseDurationSeconds }: VerifierLease): number {
  return Math.max(leaseDurationSeconds, 1) * 1000;
}
