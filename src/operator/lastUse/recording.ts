import { type Store, StoreUnavailable, type UseRecord, type VerifierLease } from "../../store/store.ts";
import { listed } from "../conditions/conditionDraft.ts";
import type { OperatorPorts } from "../ports.ts";
import { continued } from "./useRecord.ts";

/** The record is written at this interval, in milliseconds, and whenever its beginning changes. */
export const RECORD_EVERY_MS = 60_000;

export interface RecordingParts {
  readonly store: Pick<Store, "readUseRecord" | "writeUseRecord">;
  readonly ports: Pick<OperatorPorts, "clock" | "log">;
}

/** Keeps since when every verifier records uses, in the store too, so that the next leader knows it. */
export class Recording {
  readonly #parts: RecordingParts;
  #isRead = false;
  #record: UseRecord | undefined;
  #isRecorded: boolean | undefined;
  /** The beginning of the record as last written; undefined if that was while a verifier did not record. */
  #writtenSince: number | undefined;
  #writtenAt = Number.NEGATIVE_INFINITY;

  constructor(parts: RecordingParts) {
    this.#parts = parts;
  }

  /** Whether the record has been read, and the Leases have been listed since. */
  get isKnown(): boolean {
    return this.#isRead && this.#isRecorded !== undefined;
  }

  /** In epoch milliseconds. Undefined while a verifier does not record: every list then sets a new beginning. */
  get since(): number | undefined {
    return this.#isRecorded ? this.#record?.since : undefined;
  }

  /** Reads the record once. Nothing is known until that succeeds. */
  async read(): Promise<void> {
    if (this.#isRead) return;
    try {
      this.#record = await this.#parts.store.readUseRecord();
      this.#isRead = true;
    } catch (error) {
      this.#unavailable(error, "read");
    }
  }

  /** Takes a list of the Leases. Returns whether statuses may have to change. Without any verifier no request is allowed, so nothing is missed. */
  take(leases: readonly VerifierLease[]): boolean {
    if (!this.#isRead) return false;
    const [wasKnown, before] = [this.isKnown, this.since];
    const without = leases.filter(({ use }) => use === undefined).map(({ name }) => name);
    if (this.#isRecorded !== (without.length === 0)) this.#log(without);
    this.#isRecorded = without.length === 0;
    this.#record = continued(this.#record, this.#isRecorded, this.#parts.ports.clock.wall());
    return !wasKnown || before !== this.since;
  }

  /** Writes the record if that is due. */
  async write(): Promise<void> {
    const { store, ports } = this.#parts;
    const { since } = this;
    const now = ports.clock.monotonic();
    const isDue = since !== this.#writtenSince || now - this.#writtenAt >= RECORD_EVERY_MS;
    if (!this.isKnown || !this.#record || !isDue) return;
    try {
      await store.writeUseRecord(this.#record);
      this.#writtenSince = since;
      this.#writtenAt = now;
    } catch (error) {
      this.#unavailable(error, "written");
    }
  }

  #log(without: readonly string[]): void {
    const { log } = this.#parts.ports;
    const message = "last use is not recorded, because of verifiers without it: start them with --last-use";
    if (without.length === 0) log.info({}, "every verifier records last use");
    else log.warn({ verifiers: listed(without) }, message);
  }

  #unavailable(error: unknown, what: string): void {
    if (!(error instanceof StoreUnavailable)) throw error;
    const message = `since when last use is recorded could not be ${what}`;
    this.#parts.ports.log.warn({ reason: error.message }, message);
  }
}
