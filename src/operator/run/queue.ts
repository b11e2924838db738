import { Backoff } from "../../base/backoff.ts";
import type { Clock } from "../../base/clock.ts";
import { Delays } from "./delays.ts";
import { Nap } from "./nap.ts";

/** The back-off of a key, in milliseconds. */
const RETRIES = { firstMs: 5, longestMs: 60_000 };
/** A timer is never set longer than this: the wall clock may jump, and Node's timers end at 24 days. */
const LONGEST_NAP_MS = 3_600_000;

/** The outcome of reconciling one key. */
export type WorkResult =
  | { readonly kind: "done" }
  /** Requeue after this time. */
  | { readonly kind: "later"; readonly ms: number }
  /** An error, or a conflict with another writer: retry with exponential back-off. */
  | { readonly kind: "failed" | "conflict" };

export interface QueueOptions {
  readonly clock: Clock;
  /** A number from 0 to below 1, for jitter. */
  readonly jitter: () => number;
  /** How many keys are reconciled concurrently at most; read whenever a key could begin. */
  readonly limit: () => number;
  /** Called with the number of keys that wait, whenever it changes. */
  readonly onDepth?: (depth: number) => void;
}

/**
 * The work queue. It is level-based: a key that is added several times is reconciled once, and a key that is added while it is
 * reconciled is reconciled once more afterwards. No key is ever reconciled twice at a time.
 */
export class WorkQueue {
  readonly #options: QueueOptions;
  /** Since when each key waits, in monotonic milliseconds, longest first. */
  readonly #ready = new Map<string, number>();
  readonly #working = new Set<string>();
  readonly #again = new Set<string>();
  readonly #backoffs = new Map<string, Backoff>();
  readonly #delays = new Delays();
  readonly #delayNap: Nap;
  /** When the present nap ends, in monotonic milliseconds; before the first one every key counts as due earlier. */
  #napUntil = Number.POSITIVE_INFINITY;
  #begin: () => void = () => {};
  #isBeginning = false;
  #idle: (() => void)[] = [];

  constructor(options: QueueOptions) {
    this.#options = options;
    this.#delayNap = new Nap(options.clock);
  }

  /** How many keys are reconciled now. */
  get inUse(): number {
    return this.#working.size;
  }

  /** How long the longest waiting key has waited, in milliseconds. */
  get age(): number {
    const [since] = this.#ready.values();
    return since === undefined ? 0 : this.#options.clock.monotonic() - since;
  }

  add(key: string): void {
    if (this.#working.has(key)) this.#again.add(key);
    else if (!this.#ready.has(key)) this.#ready.set(key, this.#options.clock.monotonic());
    this.#options.onDepth?.(this.#ready.size);
    this.#beginSoon();
  }

  addAfter(key: string, ms: number): void {
    if (ms <= 0) {
      this.add(key);
      return;
    }
    const due = this.#options.clock.monotonic() + Math.min(ms, LONGEST_NAP_MS);
    this.#delays.set(key, due);
    if (due < this.#napUntil) this.#delayNap.wake();
  }

  /** Resolves when no key is ready or in progress; delayed keys do not count. */
  async idle(): Promise<void> {
    while (this.#ready.size + this.#working.size > 0)
      await new Promise<void>((resolve) => this.#idle.push(resolve));
  }

  /** Processes keys until the signal aborts; resolves once the work in progress has ended. `work` must not throw. */
  async run(work: (key: string) => Promise<WorkResult>, signal: AbortSignal): Promise<void> {
    const inProgress = new Set<Promise<void>>();
    this.#begin = () => {
      while (!signal.aborted && this.#working.size < this.#options.limit()) {
        const [key] = this.#ready.keys();
        if (key === undefined) return;
        const one = this.#workOn(key, work).finally(() => inProgress.delete(one));
        inProgress.add(one);
      }
    };
    this.#begin();
    await this.#release(signal);
    await Promise.all(inProgress);
  }

  /** After the present task, so that a key that is added several times in a row is reconciled once. */
  #beginSoon(): void {
    if (this.#isBeginning) return;
    this.#isBeginning = true;
    queueMicrotask(() => {
      this.#isBeginning = false;
      this.#begin();
    });
  }

  async #workOn(key: string, work: (key: string) => Promise<WorkResult>): Promise<void> {
    this.#ready.delete(key);
    this.#options.onDepth?.(this.#ready.size);
    this.#working.add(key);
    this.#delays.clear(key);
    const result = await work(key);
    this.#working.delete(key);
    this.#settle(key, result);
    if (this.#again.delete(key)) this.add(key);
    this.#beginSoon();
    if (this.#ready.size + this.#working.size === 0) for (const resolve of this.#idle.splice(0)) resolve();
  }

  #settle(key: string, result: WorkResult): void {
    if (result.kind === "done" || result.kind === "later") {
      this.#backoffs.delete(key);
      if (result.kind === "later") this.addAfter(key, result.ms);
      return;
    }
    const backoff = this.#backoffs.get(key) ?? new Backoff({ ...RETRIES, jitter: this.#options.jitter });
    this.#backoffs.set(key, backoff);
    this.#again.delete(key);
    this.addAfter(key, backoff.next());
  }

  /** Moves delayed keys to the ready ones when they are due. */
  async #release(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const now = this.#options.clock.monotonic();
      for (let key = this.#delays.take(now); key !== undefined; key = this.#delays.take(now)) this.add(key);
      const next = this.#delays.next();
      this.#napUntil = next ?? now + LONGEST_NAP_MS;
      await this.#delayNap.sleep(this.#napUntil - now, signal);
    }
  }
}
