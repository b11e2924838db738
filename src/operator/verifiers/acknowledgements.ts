import { Backoff } from "../../base/backoff.ts";
import type { Clock } from "../../base/clock.ts";
import { type Store, StoreUnavailable, type VerifierLease } from "../../store/store.ts";
import type { Log } from "../ports.ts";
import { Nap } from "../run/nap.ts";
import { type Acknowledgement, acknowledgementOf, isAcknowledgedByAll } from "./acknowledgement.ts";
import { lagOf } from "./lag.ts";
import { type JudgedVerifier, LeaseWatch } from "./leaseWatch.ts";
import { leasesOfEndedPods } from "./podEnd.ts";

export interface AcknowledgementOptions {
  readonly clock: Clock;
  readonly log: Log;
  /** How often the Leases are listed while something waits, at first, in milliseconds; the pause grows to eight times this. */
  readonly pollMs: number;
  /** Called with a key to reconcile: the acknowledgement of its projection changed. */
  readonly onChange: (key: string) => void;
  /** The first verifier started, or the last one ended. */
  readonly onPresence: () => void;
  /** Called with the Leases of each list, without those of verifiers that have ended. */
  readonly onListed?: (leases: readonly VerifierLease[]) => void;
}

type VerifierStore = Pick<Store, "listVerifiers" | "deleteVerifier" | "pods" | "podNamespace" | "readPod">;

interface Waiter {
  readonly key: string;
  readonly version: string;
  /** Monotonic milliseconds. */
  readonly since: number;
  reported: string;
}

/** A version of a projection, since the operator knows it. */
interface Tracked {
  readonly version: string;
  /** The number of the last list that had started by then. */
  readonly begun: number;
  /** Monotonic milliseconds. */
  readonly since: number;
  reachedLive: boolean;
}

interface Listing {
  readonly number: number;
  readonly verifiers: readonly JudgedVerifier[];
}

/** The Leases are listed at this interval while nothing waits, so that those of ended verifiers are deleted. */
const IDLE_POLL_MS = 10_000;

/**
 * Tracks which verifier has applied which version of a projection. A version counts as acknowledged only by a list of the
 * Leases that began after the version was known here: a Lease that was read before could belong to a verifier that has
 * since restarted from an older state. Once acknowledged it stays so, since a verifier that starts later begins with a
 * consistent list.
 */
export class Acknowledgements {
  readonly #store: VerifierStore;
  readonly #options: AcknowledgementOptions;
  readonly #watch: LeaseWatch;
  readonly #nap: Nap;
  readonly #tracked = new Map<string, Tracked>();
  readonly #done = new Map<string, string>();
  readonly #waiters = new Map<string, Waiter>();
  #begun = 0;
  #last: Listing | undefined;

  constructor(store: VerifierStore, options: AcknowledgementOptions) {
    this.#store = store;
    this.#options = options;
    this.#watch = new LeaseWatch(options.clock);
    this.#nap = new Nap(options.clock);
  }

  /**
   * Lists the Leases before the first reconcile, with these versions known before: after a restart nearly all of them are acknowledged by
   * that list, and no object has to wait and be reconciled a second time.
   */
  async begin(
    projections: Iterable<{ readonly name: string; readonly resourceVersion: string }>,
  ): Promise<void> {
    for (const { name, resourceVersion } of projections) this.#track(name, resourceVersion);
    await this.#listOrLog();
  }

  /** What is known of a projection's version; from this call on the version counts as known. */
  of(projection: string, version: string): Acknowledgement {
    if (this.#waiters.get(projection)?.version !== version) this.#waiters.delete(projection);
    const last = this.#last;
    if (last && last.verifiers.length > 0 && this.#done.get(projection) === version)
      return { ...acknowledgementOf(last.verifiers, "", true) };
    const tracked = this.#track(projection, version);
    if (!last || last.number <= tracked.begun) return { kind: "unknown" };
    const found = acknowledgementOf(last.verifiers, version, tracked.reachedLive);
    tracked.reachedLive = found.reachedLive;
    if (found.verifiers > 0 && found.laggards.length === 0) this.#finish(projection, version);
    return found;
  }

  /** How long ago, in milliseconds, the latest version became known here; 0 if it is acknowledged, or unknown. */
  waitedMs(projection: string): number {
    const tracked = this.#tracked.get(projection);
    return tracked ? this.#options.clock.monotonic() - tracked.since : 0;
  }

  /** Calls `onChange` with the key once the acknowledgement of the version differs from the present one. */
  wait(projection: string, version: string, key: string): void {
    const now = this.of(projection, version);
    if (isAcknowledgedByAll(now)) {
      this.#options.onChange(key);
      return;
    }
    const before = this.#waiters.get(projection);
    const since = before?.version === version ? before.since : this.#options.clock.monotonic();
    this.#waiters.set(projection, { key, version, since, reported: JSON.stringify(now) });
    this.#nap.wake();
  }

  /** Drops all state of a deleted projection. */
  forget(projection: string): void {
    this.#tracked.delete(projection);
    this.#done.delete(projection);
    this.#waiters.delete(projection);
  }

  /** For each verifier, the age in seconds of the oldest awaited change that it has not applied. */
  lag(): ReadonlyMap<string, number> {
    return lagOf(this.#leases(), this.#waiters.values(), this.#options.clock.monotonic());
  }

  /** How many verifiers are live, and how many silent. */
  counts(): { readonly live: number; readonly silent: number } {
    const verifiers = this.#last?.verifiers ?? [];
    const live = verifiers.filter(({ state }) => state === "live").length;
    return { live, silent: verifiers.length - live };
  }

  /**
   * The longest duration of a Lease, in milliseconds: after it every verifier has either applied the present state, or
   * denies everything. Infinity before the first list.
   */
  longestLeaseMs(): number {
    if (!this.#last) return Number.POSITIVE_INFINITY;
    return Math.max(0, ...this.#leases().map(({ leaseDurationSeconds }) => leaseDurationSeconds * 1000));
  }

  /** Lists the Leases until the signal aborts: often while something waits, and when a verifier's Pod ends. */
  async run(signal: AbortSignal): Promise<void> {
    const { pollMs, clock } = this.#options;
    const stop = this.#store.pods.subscribe((pod) => this.#podChanged(pod));
    const backoff = new Backoff({ firstMs: pollMs, longestMs: pollMs * 8 });
    while (!signal.aborted) {
      const waiting = this.#waiters.size;
      await this.#listOrLog();
      if (this.#waiters.size < waiting) backoff.reset();
      const pause = backoff.next();
      const isWoken = await this.#nap.sleep(this.#waiters.size > 0 ? pause : this.#idleMs(), signal);
      if (!isWoken) continue;
      backoff.reset();
      // Batches the objects that start to wait within this time into one list.
      await clock.sleep(pollMs, signal);
    }
    stop();
  }

  /** Lists the Leases once, deletes those of ended verifiers, and reports changes to all waiting objects. */
  async list(): Promise<void> {
    const number = ++this.#begun;
    const startedAt = this.#options.clock.monotonic();
    const before = this.#last?.verifiers.length;
    const leases = await this.#store.listVerifiers();
    const { expired, verifiers } = this.#watch.judge(leases, startedAt);
    const deleted = await this.#deleteEnded(leases, expired);
    const left = verifiers.filter(({ lease }) => !deleted.has(lease.name));
    this.#last = { number, verifiers: left };
    this.#options.onListed?.(this.#leases());
    if (before !== undefined && (before === 0) !== (left.length === 0)) this.#options.onPresence();
    this.#report();
  }

  #leases(): readonly VerifierLease[] {
    return (this.#last?.verifiers ?? []).map(({ lease }) => lease);
  }

  #track(projection: string, version: string): Tracked {
    const known = this.#tracked.get(projection);
    if (known?.version === version) return known;
    const since = this.#options.clock.monotonic();
    const tracked = { version, begun: this.#begun, since, reachedLive: false };
    this.#tracked.set(projection, tracked);
    return tracked;
  }

  /** Shorter without any verifier, because every object then waits for the first one. */
  #idleMs(): number {
    return this.#last?.verifiers.length === 0 ? this.#options.pollMs * 8 : IDLE_POLL_MS;
  }

  #podChanged(key: string): void {
    const names = ({ pod }: VerifierLease) => pod !== undefined && `${pod.namespace}/${pod.name}` === key;
    if (this.#leases().some(names)) this.#nap.wake();
  }

  async #listOrLog(): Promise<void> {
    try {
      await this.list();
    } catch (error) {
      if (!(error instanceof StoreUnavailable)) throw error;
      this.#options.log.warn({ reason: error.message }, "the verifiers' Leases could not be listed");
    }
  }

  /** Returns the names of the deleted Leases. A Lease that changed meanwhile stays, since its process is running. */
  async #deleteEnded(
    leases: readonly VerifierLease[],
    expired: readonly VerifierLease[],
  ): Promise<ReadonlySet<string>> {
    const gone = new Set<string>();
    const ended = await leasesOfEndedPods(this.#store, leases, this.#options.log);
    for (const lease of new Set([...expired, ...ended])) {
      const why = ended.includes(lease) ? "its Pod has ended" : "its Lease has expired";
      if (await this.#delete(lease, why)) gone.add(lease.name);
    }
    return gone;
  }

  async #delete({ name, resourceVersion }: VerifierLease, why: string): Promise<boolean> {
    const { kind } = await this.#store.deleteVerifier(name, resourceVersion);
    this.#options.log.warn({ verifier: name, why, outcome: kind }, "deleted the Lease of a verifier");
    return kind === "written" || kind === "gone";
  }

  #report(): void {
    for (const [projection, waiter] of this.#waiters) {
      const now = this.of(projection, waiter.version);
      const text = JSON.stringify(now);
      if (text === waiter.reported) continue;
      waiter.reported = text;
      if (isAcknowledgedByAll(now)) this.#waiters.delete(projection);
      this.#options.onChange(waiter.key);
    }
  }

  #finish(projection: string, version: string): void {
    this.#done.set(projection, version);
    this.#tracked.delete(projection);
  }
}
