import { Backoff } from "../base/backoff.ts";
import type { Clock } from "../base/clock.ts";
import type { ProjectionSink, StoredProjection } from "../projection/feed.ts";
import { compareVersions } from "../projection/versions.ts";
import type { VerifierProcess } from "../store/store.ts";
import type { VerifierCluster } from "../store/verifierCluster.ts";
import { Contact, momentOf } from "./contact.ts";
import type { UseRecorder } from "./lastUse/useRecorder.ts";

export interface MembershipOptions {
  readonly leaseName: string;
  /** A random id of this process. */
  readonly holder: string;
  /** Where it runs, for the operator and for people. */
  readonly process?: VerifierProcess;
  /** After so long without contact every decision is a refusal; the Lease lives exactly that long. */
  readonly maxStalenessMs: number;
}

export interface MembershipDeps {
  readonly cluster: VerifierCluster;
  readonly sink: ProjectionSink;
  readonly clock: Clock;
  /** Reports the uses that this process records; default: none is recorded. */
  readonly uses?: Pick<UseRecorder, "report" | "written">;
  /** Readiness may have changed. */
  readonly onChange: () => void;
  /** Something did not work and is tried again; the text is safe to log. */
  readonly onTrouble: (what: string, error: unknown) => void;
}

/** The Lease was taken, deleted, or the cluster went back in time: rejoin, not ready. */
class Evicted extends Error {
  override readonly name = "Evicted";
}

/** The waits between attempts of one process to join the cluster, or to reconnect its watch. */
const RETRIES = { firstMs: 100, longestMs: 5_000 };

/** Bookmarks come once a minute, so a shorter bound cannot wait for one. */
const BOOKMARKS_SUFFICE_MS = 180_000;

/**
 * One verifier process as a member of the cluster. It writes a Lease with "nothing applied", lists, reports what it
 * applied, serves, and keeps reporting it; so that an operator that waits for all Leases to reach a version knows that this
 * process decides on it. When its Lease is gone or another's, it stops serving and rejoins.
 */
export class Membership {
  readonly #options: MembershipOptions;
  readonly #deps: MembershipDeps;
  readonly #contact: Contact;
  #applied = "";
  #written = "";
  /** The highest version that was applied before the last rejoin, here or by the process that held the Lease before. */
  #reached = "";
  #leaseVersion = "";
  #serving = false;

  constructor(options: MembershipOptions, deps: MembershipDeps) {
    this.#options = options;
    this.#deps = deps;
    this.#contact = new Contact(deps.clock);
  }

  /** Whether decisions may be made at this instant. */
  isReady(): boolean {
    return this.#serving && this.#contact.age() <= this.#options.maxStalenessMs;
  }

  /** Milliseconds since the projections were known to be current. */
  staleness(): number {
    return this.#contact.age();
  }

  /** Takes part until the signal aborts. Never rejects: errors are reported, and the attempt is retried. */
  async run(signal: AbortSignal): Promise<void> {
    const { clock, onTrouble } = this.#deps;
    const backoff = new Backoff(RETRIES);
    while (!signal.aborted) {
      try {
        await this.#enlist();
        backoff.reset();
        await this.#serve(signal);
      } catch (error) {
        onTrouble("rejoining the cluster", error);
      }
      this.#setServing(false);
      await clock.sleep(backoff.next(), signal);
    }
  }

  /** Call it after draining: the Lease reports no version any more, so the operator does not wait for this process. */
  async leave(): Promise<void> {
    if (this.#leaseVersion === "") return;
    await this.#deps.cluster
      .deleteLease(this.#options.leaseName, this.#leaseVersion)
      .catch((error: unknown) => this.#deps.onTrouble("the Lease stays", error));
  }

  /** Lease first, list after: a version that somebody waits for is either in the list or comes by the watch. */
  async #enlist(): Promise<void> {
    this.#contact.reset();
    await this.#claimLease();
    const began = momentOf(this.#deps.clock);
    this.#applied = await this.#list((version) => {
      if (isStale(version, this.#reached, this.#leaseVersion))
        throw new Evicted("a list shows an older state than was applied before, and is stale");
    });
    this.#reached = "";
    this.#contact.probeReached(began);
    await this.#writeLease();
    this.#setServing(true);
  }

  async #claimLease(): Promise<void> {
    const { cluster } = this.#deps;
    const { leaseName } = this.#options;
    this.#reached = latest(this.#reached, this.#applied);
    this.#applied = "";
    const found = await cluster.findLease(leaseName);
    this.#reached = latest(this.#reached, found?.applied ?? "");
    const outcome = found
      ? await cluster.updateLease(this.#lease(""), found.resourceVersion)
      : await cluster.createLease(this.#lease(""));
    if (outcome.kind !== "written") throw new Evicted(`the Lease could not be taken: ${outcome.kind}`);
    this.#leaseVersion = outcome.resourceVersion;
    this.#written = "";
    this.#deps.uses?.written();
  }

  /** Lists into the sink, which is not touched when `check` throws for the list's version. */
  #list(check: (version: string) => void): Promise<string> {
    const { cluster, sink } = this.#deps;
    const replace: ProjectionSink["replace"] = (projections, version) => {
      check(version);
      sink.replace(projections, version);
    };
    return cluster.list({ ...this.#noting(), replace });
  }

  async #writeLease(): Promise<void> {
    const began = momentOf(this.#deps.clock);
    const applied = this.#applied;
    const update = () => this.#deps.cluster.updateLease(this.#lease(applied), this.#leaseVersion);
    let outcome = await update();
    if (outcome.kind === "conflict" && (await this.#holdsLease())) outcome = await update();
    if (outcome.kind !== "written") throw new Evicted(`the Lease is not ours any more: ${outcome.kind}`);
    this.#leaseVersion = outcome.resourceVersion;
    this.#written = applied;
    this.#deps.uses?.written();
    this.#contact.leaseWritten(began);
  }

  /** The answer to a write may have been lost, which is no reason to stop: the Lease names this process still, at another version. */
  async #holdsLease(): Promise<boolean> {
    const found = await this.#deps.cluster.findLease(this.#options.leaseName);
    if (found?.holder !== this.#options.holder) return false;
    this.#leaseVersion = found.resourceVersion;
    return true;
  }

  #lease(applied: string) {
    const { leaseName: name, holder, process, maxStalenessMs } = this.#options;
    const leaseDurationSeconds = Math.max(1, Math.ceil(maxStalenessMs / 1_000));
    const use = this.#deps.uses?.report();
    return {
      ...{ name, holder, applied, leaseDurationSeconds },
      ...(use === undefined ? {} : { use }),
      ...(process ? { process } : {}),
    };
  }

  /** Watch, Lease and probes side by side; the first that fails ends all three. */
  async #serve(outer: AbortSignal): Promise<void> {
    const stop = new AbortController();
    const signal = AbortSignal.any([outer, stop.signal]);
    const tasks = [this.#follow(signal), this.#renew(signal), this.#probe(signal)];
    try {
      await Promise.race(tasks);
    } finally {
      // Before what is under way has ended: a slow API server must not prolong what is over.
      this.#setServing(false);
      stop.abort();
      await Promise.allSettled(tasks);
    }
  }

  /** Keeps the projections current: events, and a full list whenever a watch could not resume. */
  async #follow(signal: AbortSignal): Promise<void> {
    const { cluster, clock } = this.#deps;
    const backoff = new Backoff(RETRIES);
    while (!signal.aborted) {
      try {
        await cluster.watch(this.#applied, this.#noting(), signal);
        if (signal.aborted) return;
        await this.#relist();
        backoff.reset();
      } catch (error) {
        if (error instanceof Evicted) throw error;
        this.#deps.onTrouble("the watch reconnects", error);
      }
      await clock.sleep(backoff.next(), signal);
    }
  }

  async #relist(): Promise<void> {
    const began = momentOf(this.#deps.clock);
    this.#applied = await this.#list((version) => {
      // The cluster was restored from a backup, or this list is stale: what was acknowledged may no longer hold.
      if (compareVersions(version, this.#applied) < 0) throw new Evicted("the cluster went back in time");
    });
    this.#contact.probeReached(began);
  }

  /** Writes what was applied, soon after it changed and otherwise now and then, always under the Lease's version. */
  async #renew(signal: AbortSignal): Promise<void> {
    const { clock, onTrouble } = this.#deps;
    const changed = Math.min(200, this.#options.maxStalenessMs / 10);
    const idle = Math.min(10_000, this.#options.maxStalenessMs / 10);
    let last = clock.monotonic();
    while (!signal.aborted) {
      await clock.sleep(Math.min(changed, idle), signal);
      const due = this.#applied !== this.#written || clock.monotonic() - last >= idle;
      if (!due || signal.aborted) continue;
      if (!this.isReady()) throw new Evicted("there was no contact for longer than maxStaleness");
      try {
        await this.#writeLease();
        last = clock.monotonic();
      } catch (error) {
        if (error instanceof Evicted) throw error;
        onTrouble("the Lease could not be written", error);
      }
    }
  }

  /** Asks what the cluster holds, and takes it for contact once it was applied; where bookmarks are too rare, lists instead. */
  async #probe(signal: AbortSignal): Promise<void> {
    const { clock, cluster, onTrouble } = this.#deps;
    const every = Math.min(30_000, this.#options.maxStalenessMs / 6);
    while (!signal.aborted) {
      await clock.sleep(every, signal);
      if (signal.aborted) return;
      const began = momentOf(clock);
      try {
        const version = await cluster.probe();
        if (compareVersions(this.#applied, version) >= 0) this.#contact.probeReached(began);
        else if (this.#options.maxStalenessMs < BOOKMARKS_SUFFICE_MS) await this.#relist();
        else await this.#await(version, began, signal);
      } catch (error) {
        if (error instanceof Evicted) throw error;
        onTrouble("the cluster could not be asked", error);
      }
    }
  }

  /** Waits until the watch has reached a version; one that has not after 150 s is deaf, and the list replaces it. */
  async #await(version: string, began: ReturnType<typeof momentOf>, signal: AbortSignal): Promise<void> {
    const { clock } = this.#deps;
    while (!signal.aborted && clock.monotonic() - began.monotonic < 150_000) {
      if (compareVersions(this.#applied, version) >= 0) return this.#contact.probeReached(began);
      await clock.sleep(1_000, signal);
    }
    if (!signal.aborted) await this.#relist();
  }

  /** The sink, which also notes each version as applied: after it was applied, never before. */
  #noting(): ProjectionSink {
    const { sink } = this.#deps;
    const note = (version: string) => {
      if (compareVersions(version, this.#applied) > 0) this.#applied = version;
    };
    return {
      replace: (projections: Iterable<StoredProjection>, version: string) => {
        sink.replace(projections, version);
        note(version);
      },
      upsert: (projection) => {
        sink.upsert(projection);
        note(projection.resourceVersion);
      },
      remove: (name, version) => {
        sink.remove(name, version);
        note(version);
      },
      bookmark: (version) => note(version),
    };
  }

  #setServing(serving: boolean): void {
    if (this.#serving === serving) return;
    this.#serving = serving;
    this.#deps.onChange();
  }
}

function latest(one: string, other: string): string {
  return compareVersions(one, other) >= 0 ? one : other;
}

/**
 * A list that is older than what was applied is the truth when the whole cluster went back, as from a backup. Then our own Lease,
 * written just before the list was asked for, went back with it; a Lease that is newer than the list shows that the list is stale.
 */
function isStale(listed: string, reached: string, lease: string): boolean {
  return compareVersions(listed, reached) < 0 && compareVersions(listed, lease) < 0;
}
