import { dayOf } from "../../base/days.ts";
import { decodeUses, type Use } from "../../projection/useReport.ts";
import { type Store, StoreUnavailable, type UseRecord, type VerifierLease } from "../../store/store.ts";
import type { LastUseOptions, OperatorPorts } from "../ports.ts";
import { Nap } from "../run/nap.ts";
import { ReadyKeys } from "../run/readyKeys.ts";
import { isSamePart, presentPart, type UsedStatus, type UsePart, wantedPart } from "./usePart.ts";
import { continued } from "./useRecord.ts";

/** At most one status is written for its last use in this time, in milliseconds: 10 a second. */
const PACE_MS = 100;
/** The record is written at this interval, in milliseconds, and whenever its beginning changes. */
const RECORD_EVERY_MS = 60_000;
/** Within this time after a start verifiers have reported everything, in milliseconds: they repeat every use after 12 hours. */
const SETTLED_AFTER_MS = 24 * 3_600_000;

const NO_DAYS: ReadonlyMap<string, number> = new Map();

export interface LastUseParts {
  readonly store: Pick<Store, "readUseRecord" | "writeUseRecord">;
  readonly ports: Pick<OperatorPorts, "clock" | "log">;
  readonly options: LastUseOptions;
  /** The work keys of the objects that have a key, or of a grant. */
  readonly objectsOf: (use: Use) => Iterable<string>;
  readonly enqueue: (key: string) => void;
  /** Since when uses are recorded has changed, which every status shows. */
  readonly onRecordedChange: () => void;
}

/** An object whose status shows its last use. */
export interface UsedObject {
  readonly status: UsedStatus | undefined;
  /** The ids of the keys that the status shows; "" is a grant. */
  readonly shown: Iterable<string>;
  readonly createdAt: string;
}

/**
 * Collects the uses that verifiers report in their Leases, and spreads the status writes that follow: a change of last use is
 * written once the object is released, and objects are released one by one.
 */
export class LastUse {
  readonly #parts: LastUseParts;
  readonly #nap: Nap;
  readonly #settledAt: number;
  /** The reported days that a status does not show yet, by work key and id. */
  readonly #reported = new Map<string, Map<string, number>>();
  /** Reports that were taken, by the name of the Lease. */
  #texts = new Map<string, string>();
  readonly #waiting = new ReadyKeys();
  readonly #released = new Set<string>();
  #isRead = false;
  #isRecorded = false;
  #record: UseRecord | undefined;
  /** The beginning of the record as last written; undefined if that was while a verifier did not record. */
  #writtenSince: number | undefined;
  #writtenAt = Number.NEGATIVE_INFINITY;

  constructor(parts: LastUseParts) {
    this.#parts = parts;
    this.#nap = new Nap(parts.ports.clock);
    this.#settledAt = parts.ports.clock.wall() + SETTLED_AFTER_MS;
  }

  /** How many objects wait for a status write. */
  get waiting(): number {
    return this.#waiting.size + this.#released.size;
  }

  /** Reads since when uses are recorded. Until that succeeds, no status changes. */
  async begin(): Promise<void> {
    try {
      this.#record = await this.#parts.store.readUseRecord();
      this.#isRead = true;
    } catch (error) {
      this.#unavailable(error, "read");
    }
  }

  /** Takes a list of the Leases. Without any verifier no request is allowed, so nothing is missed. */
  take(leases: readonly VerifierLease[]): void {
    const now = this.#parts.ports.clock.wall();
    const texts = new Map(leases.map(({ name, use }) => [name, use ?? ""]));
    for (const [name, text] of texts) if (this.#texts.get(name) !== text) this.#merge(text, dayOf(now));
    this.#texts = texts;
    if (!this.#isRead) return;
    const before = this.#since;
    this.#isRecorded = leases.every(({ use }) => use !== undefined);
    this.#record = continued(this.#record, this.#isRecorded, now);
    if (before !== this.#since) this.#parts.onRecordedChange();
    this.#nap.wake();
  }

  /** The part of an object's status: what it has, or, once it is released, what it should have. */
  partOf(key: string, { status, shown, createdAt }: UsedObject): UsePart {
    const present = presentPart(status);
    if (!this.#isRead || !this.#record) return present;
    const known = {
      since: this.#since,
      days: this.#reported.get(key) ?? NO_DAYS,
      unusedAfterMs: this.#parts.options.unusedAfterMs,
      settledAt: this.#settledAt,
    };
    const wanted = wantedPart(present, known, createdAt, this.#parts.ports.clock.wall());
    if (isSamePart(present, wanted, shown)) {
      this.forget(key);
      return { ...present, until: wanted.until };
    }
    if (this.#released.has(key)) return wanted;
    this.#wait(key);
    return present;
  }

  /** The object has nothing to write, or is gone. */
  forget(key: string): void {
    this.#reported.delete(key);
    this.#released.delete(key);
  }

  /** Lets the object that waits longest write its status. Returns false if none waits. */
  release(): boolean {
    const key = this.#waiting.first()?.key;
    if (key === undefined) return false;
    this.#waiting.deleteFirst();
    this.#released.add(key);
    this.#parts.enqueue(key);
    return true;
  }

  /** Releases objects, and writes the record, until the signal aborts. */
  async run(signal: AbortSignal): Promise<void> {
    const { clock } = this.#parts.ports;
    while (!signal.aborted) {
      if (!this.#isRead) await this.begin();
      await this.#writeRecord();
      if (this.release()) await clock.sleep(PACE_MS, signal);
      else await this.#nap.sleep(RECORD_EVERY_MS, signal);
    }
  }

  /** Undefined while a verifier does not record: every list then sets a new beginning. */
  get #since(): number | undefined {
    return this.#isRecorded ? this.#record?.since : undefined;
  }

  /** A verifier whose clock is fast reports no later day than this one. */
  #merge(text: string, today: number): void {
    for (const use of decodeUses(text) ?? []) {
      const day = Math.min(use.day, today);
      const id = use.kind === "keys" ? use.id : "";
      for (const key of this.#parts.objectsOf(use)) {
        const days = this.#reported.get(key) ?? new Map<string, number>();
        if (day <= (days.get(id) ?? -1)) continue;
        this.#reported.set(key, days.set(id, day));
        this.#parts.enqueue(key);
      }
    }
  }

  #wait(key: string): void {
    if (this.#waiting.has(key)) return;
    this.#waiting.add(key, this.#parts.ports.clock.monotonic());
    this.#nap.wake();
  }

  async #writeRecord(): Promise<void> {
    const { store, ports } = this.#parts;
    const record = this.#record;
    const since = this.#since;
    const now = ports.clock.monotonic();
    const isDue = since !== this.#writtenSince || now - this.#writtenAt >= RECORD_EVERY_MS;
    if (!this.#isRead || !record || !isDue) return;
    try {
      await store.writeUseRecord(record);
      this.#writtenSince = since;
      this.#writtenAt = now;
    } catch (error) {
      this.#unavailable(error, "written");
    }
  }

  #unavailable(error: unknown, what: string): void {
    if (!(error instanceof StoreUnavailable)) throw error;
    const message = `since when last use is recorded could not be ${what}`;
    this.#parts.ports.log.warn({ reason: error.message }, message);
  }
}
