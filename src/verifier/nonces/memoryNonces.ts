import type { NonceResult } from "../../api/vocabulary.ts";
import type { NonceClaim, NonceStore } from "./nonceStore.ts";

/** The sizes of a store in memory. */
export interface MemoryNonceLimits {
  /** Nonces of all Applications together. */
  readonly entries: number;
  /** Nonces of one Application. */
  readonly entriesPerApplication: number;
}

/**
 * An entry takes 170 bytes (measured on Node 24), so these are 85 MB. Without a window a nonce is remembered for 905 s if its request is dated now: they
 * are 552 nonces a second for all Applications, and 138 for one of them.
 */
const DEFAULT_LIMITS: MemoryNonceLimits = { entries: 500_000, entriesPerApplication: 125_000 };

/** Nonces that end within one such time are forgotten together, in milliseconds. */
const BUCKET_MS = 1_000;
/** Most that one claim forgets, so that none is held up by an earlier burst. */
const FORGOTTEN_AT_ONCE = 100;
/** Envoy's stream id has 20 digits. A longer text is not kept, since the size of an entry is limited; its Checks cannot be repeated. */
const MAX_REQUEST_ID = 32;

interface Entry {
  readonly requestId: string;
  readonly applicationId: string;
  /** By the clock of the store. */
  readonly endsAt: number;
}

/**
 * Nonces in the memory of one process: another verifier does not know them, and a restart forgets them. It never forgets a nonce early:
 * a full store refuses new ones.
 */
export class MemoryNonces implements NonceStore {
  readonly kind = "memory";
  readonly #now: () => number;
  readonly #limits: MemoryNonceLimits;
  readonly #entries = new Map<string, Entry>();
  /** The ids by when they end, in units of BUCKET_MS. */
  readonly #buckets = new Map<number, string[]>();
  readonly #perApplication = new Map<string, number>();
  /** Nothing is left of the buckets before this one. */
  #oldest: number;

  /** `now` returns milliseconds since any fixed instant, and does not go back. */
  constructor(now: () => number, limits = DEFAULT_LIMITS) {
    this.#now = now;
    this.#limits = limits;
    this.#oldest = bucketOf(now());
  }

  /** Nonces in memory; some may have ended. */
  get size(): number {
    return this.#entries.size;
  }

  start(): void {}

  isAvailable(): boolean {
    return this.#entries.size < this.#limits.entries;
  }

  claim(claim: NonceClaim): NonceResult {
    const now = this.#now();
    this.#forgetEnded(now);
    const known = this.#entries.get(claim.id);
    if (known && now < known.endsAt) return isSameRequest(known, claim) ? "first" : "repeated";
    if (known) this.#forget(claim.id, known);
    const ofApplication = this.#perApplication.get(claim.applicationId) ?? 0;
    if (this.#entries.size >= this.#limits.entries) return "full";
    if (ofApplication >= this.#limits.entriesPerApplication) return "full";
    this.#remember(claim, now + claim.windowMs);
    return "first";
  }

  close(): Promise<void> {
    return Promise.resolve();
  }

  #remember({ id, applicationId, requestId }: NonceClaim, endsAt: number): void {
    const kept = requestId.length <= MAX_REQUEST_ID ? requestId : "";
    this.#entries.set(id, { requestId: kept, applicationId, endsAt });
    this.#perApplication.set(applicationId, (this.#perApplication.get(applicationId) ?? 0) + 1);
    const bucket = bucketOf(endsAt);
    const ids = this.#buckets.get(bucket);
    if (ids) ids.push(id);
    else this.#buckets.set(bucket, [id]);
  }

  #forgetEnded(now: number): void {
    let left = FORGOTTEN_AT_ONCE;
    while (left > 0 && this.#oldest < bucketOf(now)) {
      const ids = this.#buckets.get(this.#oldest);
      const id = ids?.pop();
      if (id === undefined) {
        this.#buckets.delete(this.#oldest);
        this.#oldest += 1;
        continue;
      }
      left -= 1;
      const entry = this.#entries.get(id);
      // An id that ended may have been claimed again since.
      if (entry && entry.endsAt <= now) this.#forget(id, entry);
    }
  }

  #forget(id: string, { applicationId }: Entry): void {
    this.#entries.delete(id);
    const left = (this.#perApplication.get(applicationId) ?? 1) - 1;
    if (left > 0) this.#perApplication.set(applicationId, left);
    else this.#perApplication.delete(applicationId);
  }
}

/** Whether the claim is for the Check that Envoy sent before. */
function isSameRequest(known: Entry, { requestId }: NonceClaim): boolean {
  return requestId !== "" && known.requestId === requestId;
}

function bucketOf(ms: number): number {
  return Math.floor(ms / BUCKET_MS);
}
