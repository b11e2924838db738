/** A refused write is retried at this interval, in milliseconds. An edit of the object retries it at once. */
export const REFUSED_RETRY_MS = 300_000;

interface Refusal {
  readonly generation: number;
  readonly message: string;
  /** Monotonic milliseconds. */
  readonly until: number;
}

/** Writes that failed and that no cache shows. It is lost on restart; each write is then tried once more. Times are monotonic milliseconds. */
export class WriteMemory {
  readonly #refusals = new Map<string, Refusal>();
  readonly #taken = new Map<string, number>();

  /** Records that the store refused a write for this generation of an object. */
  refused(key: string, generation: number, message: string, now: number): void {
    this.#refusals.set(key, { generation, message, until: now + REFUSED_RETRY_MS });
  }

  /** The message of the refusal for this generation. Undefined once the write is due for a retry. */
  refusal(key: string, generation: number, now: number): string | undefined {
    const refusal = this.#refusals.get(key);
    if (refusal?.generation === generation && now < refusal.until) return refusal.message;
    this.#refusals.delete(key);
    return undefined;
  }

  /** Records that a Secret of this name exists although the cache does not show it. Assumed until then. */
  taken(secret: string, until: number): void {
    this.#taken.set(secret, until);
  }

  /** The cache shows a Secret of this name now. */
  free(secret: string): void {
    this.#taken.delete(secret);
  }

  isTaken(secret: string, now: number): boolean {
    const until = this.#taken.get(secret);
    if (until !== undefined && until <= now) this.#taken.delete(secret);
    return until !== undefined && until > now;
  }
}
