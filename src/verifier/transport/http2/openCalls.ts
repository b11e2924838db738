import { grpcRefusal, type Refusal, STATUS } from "./refusal.ts";

const TOO_MUCH = grpcRefusal(
  STATUS.resourceExhausted,
  "too many calls or bytes wait; the oldest call is rejected",
);
const TOO_LATE = grpcRefusal(STATUS.deadlineExceeded, "the deadline has passed, or the call took too long");

/** A call between its headers and the end of its stream. */
export interface OpenCall {
  /** Epoch milliseconds; Infinity for none. */
  readonly deadline: number;
  /** Memory that its headers, and its message or its response, hold; bytes. */
  readonly held: number;
  /** The tick at which it was opened. */
  readonly tick: number;
  /** The calls next to it, while it is one of the open calls; only they change these. */
  older: OpenCall | undefined;
  newer: OpenCall | undefined;
  /** Ends it, with this refusal if there is no response yet. Its stream removes it from the open calls. */
  abandon(refusal: Refusal): void;
}

/**
 * All open calls of a transport, the oldest first. When there are too many, or their bytes are too many, the oldest is ended: a good call
 * is over within milliseconds, so the oldest ones are those that a client does not send or read. Refusing new ones would let such a
 * client keep the calls of all others out.
 *
 * They are a linked list. A Set makes a new table after every few calls, and old tables keep new ones alive; see StreamTable.
 */
export class OpenCalls {
  #oldest: OpenCall | undefined;
  #newest: OpenCall | undefined;
  #count = 0;
  readonly #maxCalls: number;
  readonly #maxHeldBytes: number;
  #held = 0;
  #tick = 0;

  constructor({ maxCalls, maxHeldBytes }: { readonly maxCalls: number; readonly maxHeldBytes: number }) {
    this.#maxCalls = maxCalls;
    this.#maxHeldBytes = maxHeldBytes;
  }

  /** The current tick; see OpenCall. */
  get tick(): number {
    return this.#tick;
  }

  add(call: OpenCall): void {
    call.older = this.#newest;
    if (this.#newest) this.#newest.newer = call;
    else this.#oldest = call;
    this.#newest = call;
    this.#count += 1;
    if (this.#count > this.#maxCalls) this.#abandonOldest();
  }

  /** What a call holds has changed by this many bytes. */
  hold(bytes: number): void {
    this.#held += bytes;
    if (bytes > 0 && this.#held > this.#maxHeldBytes) this.#abandonOldest();
  }

  /** The call has ended, or is no longer counted; without effect the second time. */
  remove(call: OpenCall): void {
    const { older, newer } = call;
    if (call !== this.#oldest && !older) return;
    if (older) older.newer = newer;
    else this.#oldest = newer;
    if (newer) newer.older = older;
    else this.#newest = older;
    // A call that has ended must not keep the next one in memory.
    call.older = undefined;
    call.newer = undefined;
    this.#count -= 1;
    this.#held -= call.held;
  }

  /** Ends the calls that are past their deadline, and those that were opened `callTicks` ago. */
  sweep(now: number, callTicks: number): void {
    this.#tick++;
    const late: OpenCall[] = [];
    for (let call = this.#oldest; call; call = call.newer)
      if (now > call.deadline || this.#tick - call.tick > callTicks) late.push(call);
    for (const call of late) this.#abandon(call, TOO_LATE);
  }

  #abandonOldest(): void {
    do {
      if (!this.#oldest) return;
      this.#abandon(this.#oldest, TOO_MUCH);
    } while (this.#count > this.#maxCalls || this.#held > this.#maxHeldBytes);
  }

  #abandon(call: OpenCall, refusal: Refusal): void {
    call.abandon(refusal);
    this.remove(call);
  }
}
