import { DEFAULT_SYSTEM_NAMESPACE, LEADER_LEASE } from "../../../api/names.ts";
import { type Clock, systemClock } from "../../../base/clock.ts";
import { StoreUnavailable } from "../../store.ts";
import type { Connection } from "../connection.ts";
import { isHold } from "./leaderTakeover.ts";
import { type FoundLease, type LeaseSpec, Leases } from "./leases.ts";

export interface LeaderElectionOptions {
  readonly namespace?: string;
  readonly name?: string;
  /** Unique to the process, also after a restart. */
  readonly identity: string;
  /** Others take over once the Lease is unchanged for this long, by their own clocks. Whole seconds. */
  readonly leaseDurationMs?: number;
  /** A leader that could not renew for this long stops leading; less than leaseDurationMs, so that it stops before another one starts. */
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

/** The Lease while this process holds it. */
interface Held {
  readonly resourceVersion: string;
  readonly acquiredAt: number;
  readonly transitions: number;
  /** When the request that acquired or renewed it started, by the monotonic clock. */
  readonly since: number;
}

/**
 * At most one process leads at a time: the holder of a Lease. Each candidate measures with its own monotonic clock how long the Lease
 * is unchanged; the times in the Lease are for display.
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
   * Waits for the Lease, runs `onLeading` while it is held, and starts over after a loss. Resolves once the signal
   * aborts or `onLeading` ends by itself, after the Lease is released. The signal that `onLeading` gets aborts as soon as
   * leadership is lost. Rejects with the rejection of `onLeading`.
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
      // Jitter, as in client-go: candidates that started together do not stay in step.
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

  /** Free if it has no holder, or if it is unchanged for its own duration. */
  #isFree({ holder, resourceVersion, leaseDurationSeconds }: FoundLease): boolean {
    const now = this.#options.clock.monotonic();
    if (this.#seen?.resourceVersion !== resourceVersion) this.#seen = { resourceVersion, at: now };
    return holder === "" || now - this.#seen.at > leaseDurationSeconds * 1_000;
  }

  /**
   * Whether the Lease is held by an uninstall that started before this process's Pod was created. The hold is meant for the
   * operators that the uninstall stopped; this one belongs to a later installation.
   */
  async #isOlderHold({ holder, writtenAt }: FoundLease): Promise<boolean> {
    if (!isHold(holder) || writtenAt === undefined) return false;
    const createdAt = await this.#options.podCreatedAt();
    return createdAt !== undefined && createdAt >= writtenAt + CLOCK_MARGIN_MS;
  }

  /** Leads. Returns whether leadership was lost, so that this process may become a candidate again. */
  async #hold(
    held: Held,
    signal: AbortSignal,
    onLeading: (leading: AbortSignal) => Promise<void>,
  ): Promise<boolean> {
    const lost = new AbortController();
    const ended = new AbortController();
    // The Lease is renewed until the work has ended, even after the signal, so that no other leader starts meanwhile.
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

  /** Renews until the work has ended or the Lease is lost. Returns the Lease as written last. */
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

  /** The renewed Lease; the old one if the server was unavailable; undefined if another process holds it. */
  async #renew(held: Held, signal: AbortSignal): Promise<Held | undefined> {
    const { name, identity, clock } = this.#options;
    try {
      const since = clock.monotonic();
      const outcome = await this.#leases.update(this.#spec(held), held.resourceVersion, signal);
      if (outcome.kind === "written") return { ...held, resourceVersion: outcome.resourceVersion, since };
      // A renewal whose response was lost has changed the version too; this process still holds the Lease then.
      const found = outcome.kind === "conflict" ? await this.#leases.find(name, signal) : undefined;
      return found?.holder === identity ? { ...held, resourceVersion: found.resourceVersion } : undefined;
    } catch {
      return held;
    }
  }

  /** Releases the Lease, so that the next leader does not have to wait; with our version, so that only our own hold is released. */
  async #release(held: Held): Promise<void> {
    const spec = { ...this.#spec(held), holder: "", leaseDurationSeconds: 1 };
    try {
      await this.#leases.update(spec, held.resourceVersion, AbortSignal.timeout(2_000));
    } catch {
      // The Lease expires by itself.
    }
  }

  #spec({ acquiredAt, transitions }: Pick<Held, "acquiredAt" | "transitions">): LeaseSpec {
    const { name, identity, leaseDurationMs, clock } = this.#options;
    const leaseDurationSeconds = Math.ceil(leaseDurationMs / 1_000);
    const renewedAt = clock.wall();
    return { name, holder: identity, leaseDurationSeconds, transitions, acquiredAt, renewedAt };
  }
}
