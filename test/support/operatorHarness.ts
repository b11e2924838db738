import { createHash } from "node:crypto";
import type { Clock } from "../../src/base/clock.ts";
import { assemble } from "../../src/operator/controller.ts";
import type { LastUseOptions, Log, OperatorPorts, RandomBytes } from "../../src/operator/ports.ts";
import type { MemoryStore } from "./memoryStore.ts";

/** A clock that stands still until a test resumes it. */
export class ManualClock implements Clock {
  #now = Date.parse("2026-01-01T00:00:00Z");
  #offset = 0;

  wall(): number {
    return this.#now + this.#offset;
  }

  monotonic(): number {
    return this.#now;
  }

  async sleep(): Promise<void> {
    throw new Error("nothing sleeps in a test that drives the operator by hand");
  }

  advance(ms: number): void {
    this.#now += ms;
  }

  /** The wall clock is set, ahead or back; the monotonic one knows nothing of it. */
  jump(ms: number): void {
    this.#offset += ms;
  }

  text(): string {
    return new Date(this.wall()).toISOString().replace(".000Z", "Z");
  }
}

/** Bytes that look random, and are the same in every run. */
export function seededBytes(seed: string): RandomBytes {
  let counter = 0;
  return (size) => {
    const bytes = new Uint8Array(size);
    for (let at = 0; at < size; at += 32) {
      const block = createHash("sha256").update(`${seed}/${counter++}`).digest();
      bytes.set(block.subarray(0, Math.min(32, size - at)), at);
    }
    return bytes;
  };
}

/** A log that keeps its lines as text. */
export function keptLog(lines: string[]): Log {
  const keep = (fields: object, message: string) => lines.push(`${message} ${JSON.stringify(fields)}`);
  return { debug: keep, info: keep, warn: keep, error: keep };
}

export const silentMeter = { reconciled: () => {}, queueDepth: () => {} };

/**
 * An operator that is driven by hand, one reconcile at a time and without timers: `settle` works until nothing is left,
 * with verifiers that acknowledge whenever they are looked at if `acknowledging` is set.
 */
export class HandOperator {
  readonly #store: MemoryStore;
  readonly #clock: ManualClock;
  readonly #pending = new Set<string>();
  /** Keys whose write met a conflict: the queue would retry them after a pause. */
  readonly #conflicts = new Set<string>();
  /** When keys are due that asked for a later reconcile, in monotonic milliseconds. */
  readonly #due = new Map<string, number>();
  readonly #parts: ReturnType<typeof assemble>;
  readonly #stop: () => void;
  readonly log: string[] = [];
  failures = 0;

  constructor(
    store: MemoryStore,
    clock: ManualClock,
    seed = "seed",
    restore = false,
    lastUse?: LastUseOptions,
  ) {
    this.#store = store;
    this.#clock = clock;
    const ports: OperatorPorts = {
      clock,
      random: seededBytes(seed),
      log: keptLog(this.log),
      meter: silentMeter,
      restore,
      ...(lastUse ? { lastUse } : {}),
    };
    this.#parts = assemble(store, ports, (key) => this.#pending.add(key), {
      pollMs: 250,
      onPlan: (key) => this.#pending.delete(key),
      onLoad: () => {},
    });
    this.#stop = this.#parts.triggers.start();
  }

  stop(): void {
    this.#stop();
  }

  /** Reads since when last use is recorded, as an operator does before its first reconcile. */
  async begin(): Promise<void> {
    await this.#parts.lastUse?.begin();
  }

  /** Lets at most so many objects write their last use, as time would do. Returns how many did. */
  releaseUse(most = Number.POSITIVE_INFINITY): number {
    let released = 0;
    while (released < most && this.#parts.lastUse?.release()) released += 1;
    return released;
  }

  /** Reconciles everything that asks for it, once each at most per round; verifiers stay as they are. */
  async work(): Promise<void> {
    for (let rounds = 0; this.#pending.size > 0; rounds++) {
      if (rounds > 500) throw new Error(`never at rest: ${[...this.#pending].join(", ")}`);
      const [key = ""] = this.#pending;
      this.#pending.delete(key);
      const result = await this.#parts.reconciler.reconcile(key);
      this.#due.delete(key);
      if (result.kind === "later") this.#due.set(key, this.#clock.monotonic() + result.ms);
      if (result.kind === "conflict") this.#conflicts.add(key);
      if (result.kind === "failed") this.failures += 1;
      if (result.kind === "failed" && this.failures < 10) this.#pending.add(key);
    }
  }

  /** When an object is reconciled again although nothing has changed, such as `Application/team-shop/mobile`; epoch milliseconds. */
  nextLook(key: string): number | undefined {
    const due = this.#due.get(key);
    return due === undefined ? undefined : this.#clock.wall() + due - this.#clock.monotonic();
  }

  /**
   * Lists the verifiers and works, until nothing changes; with `acknowledging`, every verifier keeps up. With `patient`, time passes
   * as well: what is due within the 2 s for which a wait is not reported.
   */
  async settle({
    acknowledging = true,
    patient = false,
  }: {
    acknowledging?: boolean;
    patient?: boolean;
  } = {}): Promise<void> {
    for (let rounds = 0; rounds < 50; rounds++) {
      const before = this.#store.writes.length;
      for (const key of this.#conflicts) this.#pending.add(key);
      this.#conflicts.clear();
      await this.work();
      if (acknowledging) this.#store.acknowledge();
      await this.#parts.acknowledgements.list();
      await this.work();
      if (this.#store.writes.length === before && rounds > 1 && !(patient && this.#passTime(2_000))) return;
    }
    throw new Error("never at rest");
  }

  /** Advances the clock to the next time at which a key is due, if it is that close; returns whether there is one. */
  #passTime(withinMs: number): boolean {
    const now = this.#clock.monotonic();
    const next = Math.min(...this.#due.values());
    if (next > now + withinMs) return false;
    this.#clock.advance(next - now);
    for (const [key, due] of this.#due) if (due <= next) this.#pending.add(key);
    return true;
  }

  /** 50 s pass while these verifiers renew their Leases, and apply all there is; every other one falls silent. */
  async fallSilent(...live: readonly string[]): Promise<void> {
    for (let passed = 0; passed < 50_000; passed += 10_000) {
      this.#clock.advance(10_000);
      await this.renew(...live);
    }
  }

  /** These verifiers apply all there is, and the operator works on that, until nothing changes. */
  async renew(...live: readonly string[]): Promise<void> {
    for (let before = -1; before !== this.#store.writes.length; ) {
      before = this.#store.writes.length;
      for (const name of live) this.#store.setLease(name, this.#store.version);
      await this.settle({ acknowledging: false, patient: true });
    }
  }

  /** Time passes, and everything is looked at again. */
  async after(ms: number): Promise<void> {
    this.#clock.advance(ms);
    this.#parts.triggers.enqueueAll();
  }
}
