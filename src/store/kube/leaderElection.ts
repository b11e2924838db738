import { DEFAULT_SYSTEM_NAMESPACE, LEADER_LEASE } from "../../api/names.ts";
import { type Clock, systemClock } from "../../base/clock.ts";
import { StoreUnavailable } from "../store.ts";
import type { Connection } from "./connection.ts";
import { isHold } from "./leaderTakeover.ts";
import { type FoundLease, type LeaseSpec, Leases } from "./leases.ts";

export interface LeaderElectionOptions {
  readonly namespace?: string;
  readonly name?: string;
  /** Unique to the process, also after a restart. */
  readonly identity: string;
  /** Others take over when a Lease has not changed for so long, by their own clocks. Whole seconds. */
  readonly leaseDurationMs?: number;
  /** A leader that could not renew for so long stops leading; less than leaseDurationMs, so that it stops before another begins. */
  readonly renewDeadlineMs?: number;
  readonly retryPeriodMs?: number;
  /**
   * When the Pod of this process was created, by the API server's clock in epoch milliseconds; undefined outside a Pod. Throws
   * StoreUnavailable.
   */
  readonly podCreatedAt?: () => Promise<number | undefined>;
  readonly clock?: Clock;
  /** From 0 to 1, as of Math.random. */
  readonly random?: () => number;
}

/** Times of the API server are cut to seconds, and several API servers may differ by some. */
const CLOCK_MARGIN_MS = 2_000;

/** The Lease as this process holds it. */
interface Held {
  readonly resourceVersion: string;
  readonly acquiredAt: number;
  readonly transitions: number;
  /** When the request that took or renewed it began, by the monotonic clock. */
  readonly since: number;
}

/**
 * At most one process at a time leads: the one whose name stands in a Lease. Everybody judges by their own monotonic
 * clock since when the Lease has not changed; times in the Lease are for people.
 */
export class LeaderElection {
  readonly #leases: Leases;
  readonly #options: Required<LeaderElectionOptions>;
  #seen: { readonly resourceVersion: string; readonly at: number } | undefined;

  constructor(connection: Connection, options: LeaderElectionOptions) {
    this.#options = {
      namespace: DEFAULT_SYSTEM_NAMESPACE,
      name: LEADER_LEASE,
      leaseDurationMs: 15_000,
      renewDeadlineMs: 10_000,
      retryPeriodMs: 2_000,
      podCreatedAt: async () => undefined,
      clock: systemClock,
      random: Math.random,
      ...options,
    };
    this.#leases = new Leases(connection, this.#options.namespace);
  }

  /**
   * Waits for the Lease, runs `onLeading` while it is held, and begins anew after a loss; resolves when the signal
   * aborts or `onLeading` has ended by itself, after it gave the Lease back. The signal that `onLeading` gets aborts at
   * once when leadership is lost. Rejects with what `onLeading` rejects with.
   */
  async lead(signal: AbortSignal, onLeading: (leading: AbortSignal) => Promise<void>): Promise<void> {
    while (!signal.aborted) {
      const held = await this.#acquire(signal);
      if (held && !(await this.#hold(held, signal, onLeading))) return;
    }
  }

  async #acquire(signal: AbortSignal): Promise<Held | undefined> {
    while (!signal.aborted) {
      try {
        const held = await this.#tryToAcquire(signal);
        if (held) return held;
      } catch (error) {
        if (!(error instanceof StoreUnavailable)) throw error;
      }
      // As client-go does: candidates that began together do not stay together.
      const { clock, random, retryPeriodMs } = this.#options;
      await clock.sleep(retryPeriodMs * (1 + 1.2 * random()), signal);
    }
    return undefined;
  }

  async #tryToAcquire(signal: AbortSignal): Promise<Held | undefined> {
    const { name, clock } = this.#options;
    const found = await this.#leases.find(name, signal);
    if (found && !(this.#isFree(found) || (await this.#isOlderHold(found)))) return undefined;
    const since = clock.monotonic();
    const held = { acquiredAt: clock.wall(), transitions: found ? found.transitions + 1 : 0, since };
    const spec = this.#spec(held);
    const outcome = found
      ? await this.#leases.update(spec, found.resourceVersion, signal)
      : await this.#leases.create(spec, signal);
    return outcome.kind === "written" ? { ...held, resourceVersion: outcome.resourceVersion } : undefined;
  }

  /** Free when nobody holds it, or when it has not changed here for as long as it says. */
  #isFree({ holder, resourceVersion, leaseDurationSeconds }: FoundLease): boolean {
    const now = this.#options.clock.monotonic();
    if (this.#seen?.resourceVersion !== resourceVersion) this.#seen = { resourceVersion, at: now };
    return holder === "" || now - this.#seen.at > leaseDurationSeconds * 1_000;
  }

  /**
   * Whether an uninstall holds the Lease that was begun before this process's Pod was created. The hold is meant for the
   * operators that the uninstall stopped; this one belongs to a later installation.
   */
  async #isOlderHold({ holder, writtenAt }: FoundLease): Promise<boolean> {
    if (!isHold(holder) || writtenAt === undefined) return false;
    const createdAt = await this.#options.podCreatedAt();
    return createdAt !== undefined && createdAt >= writtenAt + CLOCK_MARGIN_MS;
  }

  /** Leads; answers whether leadership was lost, so that it may be sought again. */
  async #hold(
    held: Held,
    signal: AbortSignal,
    onLeading: (leading: AbortSignal) => Promise<void>,
  ): Promise<boolean> {
    const lost = new AbortController();
    const ended = new AbortController();
    // It is renewed until the work has ended, also while it ends because of the signal: nobody else begins meanwhile.
    const renewing = this.#keep(held, lost, ended.signal);
    try {
      await onLeading(AbortSignal.any([signal, lost.signal]));
    } finally {
      ended.abort();
      const last = await renewing;
      if (!lost.signal.aborted) await this.#release(last);
    }
    return lost.signal.aborted;
  }

  /** Renews until the work has ended or the Lease is lost; answers the Lease as it was written last. */
  async #keep(first: Held, lost: AbortController, ended: AbortSignal): Promise<Held> {
    const lose = () => lost.abort(new Error("leadership was lost"));
    const stop = AbortSignal.any([lost.signal, ended]);
    let held = first;
    while (!stop.aborted) {
      const { clock, renewDeadlineMs, retryPeriodMs } = this.#options;
      const renewed = new AbortController();
      const left = held.since + renewDeadlineMs - clock.monotonic();
      void clock.sleep(Math.max(0, left), renewed.signal).then(() => renewed.signal.aborted || lose());
      await clock.sleep(retryPeriodMs, stop);
      const next = stop.aborted ? held : await this.#renew(held, lost.signal);
      renewed.abort();
      if (next === undefined) lose();
      else held = next;
    }
    return held;
  }

  /** The renewed Lease, the old one when the server could not be asked, undefined when it is another's. */
  async #renew(held: Held, signal: AbortSignal): Promise<Held | undefined> {
    const { name, identity, clock } = this.#options;
    try {
      const since = clock.monotonic();
      const outcome = await this.#leases.update(this.#spec(held), held.resourceVersion, signal);
      if (outcome.kind === "written") return { ...held, resourceVersion: outcome.resourceVersion, since };
      // A renewal whose answer was lost has changed the version too; then it still is ours.
      const found = outcome.kind === "conflict" ? await this.#leases.find(name, signal) : undefined;
      return found?.holder === identity ? { ...held, resourceVersion: found.resourceVersion } : undefined;
    } catch {
      return held;
    }
  }

  /** So that the next one need not wait; under our version, so that nobody else's is given away. */
  async #release(held: Held): Promise<void> {
    const spec = { ...this.#spec(held), holder: "", leaseDurationSeconds: 1 };
    try {
      await this.#leases.update(spec, held.resourceVersion, AbortSignal.timeout(2_000));
    } catch {
      // It runs out by itself.
    }
  }

  #spec({ acquiredAt, transitions }: Pick<Held, "acquiredAt" | "transitions">): LeaseSpec {
    const { name, identity, leaseDurationMs, clock } = this.#options;
    const leaseDurationSeconds = Math.ceil(leaseDurationMs / 1_000);
    const renewedAt = clock.wall();
    return { name, holder: identity, leaseDurationSeconds, transitions, acquiredAt, renewedAt };
  }
}
