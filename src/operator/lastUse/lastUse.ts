import { dayOf } from "../../base/days.ts";
import { decodeUses, type Use } from "../../projection/useReport.ts";
import type { VerifierLease } from "../../store/store.ts";
import type { LastUseOptions } from "../ports.ts";
import { Nap } from "../run/nap.ts";
import { ReadyKeys } from "../run/readyKeys.ts";
import { RECORD_EVERY_MS, Recording, type RecordingParts } from "./recording.ts";
import { isSamePart, presentPart, type UsedStatus, type UsePart, wantedPart } from "./usePart.ts";

/** At most one status is written for its last use in this time, in milliseconds: 10 a second. */
const PACE_MS = 100;
/** Within this time after a start verifiers have reported everything, in milliseconds: they repeat every use after 12 hours. */
const SETTLED_AFTER_MS = 24 * 3_600_000;

const NO_DAYS: ReadonlyMap<string, number> = new Map();

export interface LastUseParts extends RecordingParts {
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
  readonly #recording: Recording;

  constructor(parts: LastUseParts) {
    this.#parts = parts;
    this.#nap = new Nap(parts.ports.clock);
    this.#recording = new Recording(parts);
    this.#settledAt = parts.ports.clock.wall() + SETTLED_AFTER_MS;
  }

  /** How many objects wait for a status write. */
  get waiting(): number {
    return this.#waiting.size + this.#released.size;
  }

  /** Reads since when uses are recorded. Until that succeeds, no status changes. */
  begin(): Promise<void> {
    return this.#recording.read();
  }

  /** Takes a list of the Leases. */
  take(leases: readonly VerifierLease[]): void {
    const today = dayOf(this.#parts.ports.clock.wall());
    const texts = new Map(leases.map(({ name, use }) => [name, use ?? ""]));
    for (const [name, text] of texts) if (this.#texts.get(name) !== text) this.#merge(text, today);
    this.#texts = texts;
    if (this.#recording.take(leases)) this.#parts.onRecordedChange();
    this.#nap.wake();
  }

  /** The part of an object's status: what it has, or, once it is released, what it should have. */
  partOf(key: string, { status, shown, createdAt }: UsedObject): UsePart {
    const present = presentPart(status);
    if (!this.#recording.isKnown) return present;
    const known = {
      since: this.#recording.since,
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
      await this.#recording.read();
      await this.#recording.write();
      if (this.release()) await clock.sleep(PACE_MS, signal);
      else await this.#nap.sleep(RECORD_EVERY_MS, signal);
    }
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
}
