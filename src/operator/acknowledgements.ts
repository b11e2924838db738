import type { Clock } from "../observe/clock.ts";
import { compareVersions } from "../projection/versions.ts";
import { type Store, StoreUnavailable, type VerifierLease } from "../store/store.ts";
import type { Log } from "./environment.ts";
import { lagOf } from "./lag.ts";
import { LeaseWatch } from "./leaseWatch.ts";
import { Nap } from "./nap.ts";

/** What is known of the verifiers and one version of one projection. */
export type Acknowledgement =
  /** No list of the Leases has begun since the version was known; nothing can be said. */
  | { readonly kind: "unknown" }
  | {
      readonly kind: "known";
      /** How many verifiers live. */
      readonly verifiers: number;
      /** Those that have not applied the version. */
      readonly laggards: readonly string[];
      /** Those of them whose Lease changed in the last 30 s. */
      readonly activeLaggards: readonly string[];
    };

/** Whether every live verifier has applied the version; also true where there is no verifier. */
export function isAcknowledged(acknowledgement: Acknowledgement): boolean {
  return acknowledgement.kind === "known" && acknowledgement.laggards.length === 0;
}

export interface AcknowledgementOptions {
  readonly clock: Clock;
  readonly log: Log;
  /** How often the Leases are listed while something waits, at first; the pause grows to eight times this. */
  readonly pollMs: number;
  /** Plan this key again: what is known of its projection changed. */
  readonly onChange: (key: string) => void;
  /** The first verifier came, or the last one went. */
  readonly onPresence: () => void;
}

interface Waiter {
  readonly key: string;
  readonly version: string;
  /** Monotonic milliseconds. */
  readonly since: number;
  told: string;
}

interface Listing {
  readonly number: number;
  readonly leases: readonly VerifierLease[];
  readonly active: ReadonlySet<string>;
}

/** With nothing waiting the Leases are still looked at, so that dead ones go. */
const IDLE_POLL_MS = 10_000;

/**
 * Who has applied what. A version counts as acknowledged only by a list of the Leases that began after the version was
 * known here: a Lease that was read before could belong to a verifier that has since begun anew from an older state.
 * Once acknowledged it stays so, since a verifier that begins later begins with a consistent list.
 */
export class Acknowledgements {
  readonly #store: Pick<Store, "listVerifiers" | "deleteVerifier">;
  readonly #options: AcknowledgementOptions;
  readonly #watch: LeaseWatch;
  readonly #nap: Nap;
  readonly #known = new Map<string, { readonly version: string; readonly begun: number }>();
  readonly #done = new Map<string, string>();
  readonly #waiters = new Map<string, Waiter>();
  #begun = 0;
  #last: Listing | undefined;

  constructor(store: Pick<Store, "listVerifiers" | "deleteVerifier">, options: AcknowledgementOptions) {
    this.#store = store;
    this.#options = options;
    this.#watch = new LeaseWatch(options.clock);
    this.#nap = new Nap(options.clock);
  }

  /** What is known of a projection's version; from this call on the version counts as known. */
  of(projection: string, version: string): Acknowledgement {
    if (this.#waiters.get(projection)?.version !== version) this.#waiters.delete(projection);
    const last = this.#last;
    if (last && last.leases.length > 0 && this.#done.get(projection) === version)
      return { kind: "known", verifiers: last.leases.length, laggards: [], activeLaggards: [] };
    const known = this.#known.get(projection);
    if (known?.version !== version) this.#known.set(projection, { version, begun: this.#begun });
    if (!last || known?.version !== version || last.number <= known.begun) return { kind: "unknown" };
    const found = stateOf(last, version);
    if (found.verifiers > 0 && found.laggards.length === 0) this.#finish(projection, version);
    return found;
  }

  /** Calls `onChange` with the key as soon as something else is known of the version than now. */
  wait(projection: string, version: string, key: string): void {
    const now = this.of(projection, version);
    if (isAcknowledged(now)) {
      this.#options.onChange(key);
      return;
    }
    const before = this.#waiters.get(projection);
    const since = before?.version === version ? before.since : this.#options.clock.monotonic();
    this.#waiters.set(projection, { key, version, since, told: JSON.stringify(now) });
    this.#nap.wake();
  }

  /** The projection is gone: nothing of it is of interest. */
  forget(projection: string): void {
    this.#known.delete(projection);
    this.#done.delete(projection);
    this.#waiters.delete(projection);
  }

  /** By verifier, how long (seconds) a change has been waited for that it has not applied. */
  lag(): ReadonlyMap<string, number> {
    return lagOf(this.#last?.leases ?? [], this.#waiters.values(), this.#options.clock.monotonic());
  }

  /** Lists the Leases as long as the signal does not abort: often while something waits. */
  async run(signal: AbortSignal): Promise<void> {
    const { pollMs, clock } = this.#options;
    let pause = pollMs;
    while (!signal.aborted) {
      const waiting = this.#waiters.size;
      await this.#list();
      if (this.#waiters.size < waiting) pause = pollMs;
      const isWoken = await this.#nap.sleep(this.#waiters.size > 0 ? pause : this.#idleMs(), signal);
      // One list for all that come to wait in this time.
      if (isWoken) await clock.sleep(pollMs, signal);
      pause = isWoken ? pollMs : Math.min(pause * 2, pollMs * 8);
    }
  }

  /** Lists the Leases once, deletes dead ones, and tells all that wait. */
  async list(): Promise<void> {
    const number = ++this.#begun;
    const startedAt = this.#options.clock.monotonic();
    const before = this.#last?.leases.length;
    const leases = await this.#store.listVerifiers();
    const { dead, active } = this.#watch.look(leases, startedAt);
    this.#last = { number, leases, active };
    for (const { name, resourceVersion } of dead) await this.#bury(name, resourceVersion);
    if (before !== undefined && (before === 0) !== (leases.length === 0)) this.#options.onPresence();
    this.#tell();
  }

  /** With no verifier at all everything is unprogrammed: the first one is met soon. */
  #idleMs(): number {
    return this.#last?.leases.length === 0 ? this.#options.pollMs * 8 : IDLE_POLL_MS;
  }

  async #list(): Promise<void> {
    try {
      await this.list();
    } catch (error) {
      if (!(error instanceof StoreUnavailable)) throw error;
      this.#options.log.warn({ reason: error.message }, "the verifiers' Leases could not be listed");
    }
  }

  async #bury(name: string, resourceVersion: string): Promise<void> {
    const outcome = await this.#store.deleteVerifier(name, resourceVersion);
    this.#options.log.warn({ verifier: name, outcome: outcome.kind }, "a verifier's Lease ended");
  }

  #tell(): void {
    for (const [projection, waiter] of this.#waiters) {
      const now = this.of(projection, waiter.version);
      const text = JSON.stringify(now);
      if (text === waiter.told) continue;
      waiter.told = text;
      if (isAcknowledged(now)) this.#waiters.delete(projection);
      this.#options.onChange(waiter.key);
    }
  }

  #finish(projection: string, version: string): void {
    this.#done.set(projection, version);
    this.#known.delete(projection);
  }
}

function stateOf({ leases, active }: Listing, version: string): Acknowledgement & { kind: "known" } {
  const laggards = leases
    .filter(({ applied }) => compareVersions(applied, version) < 0)
    .map(({ name }) => name)
    .sort();
  const activeLaggards = laggards.filter((name) => active.has(name));
  return { kind: "known", verifiers: leases.length, laggards, activeLaggards };
}
