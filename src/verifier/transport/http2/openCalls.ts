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
  /** Ends it, with this refusal if there is no response yet. Its stream removes it from the open calls. */
  abandon(refusal: Refusal): void;
}

/**
 * All open calls of a transport, the oldest first. When there are too many, or their bytes are too many, the oldest is ended: a good call
 * is over within milliseconds, so the oldest ones are those that a client does not send or read. Refusing new ones would let such a
 * client keep the calls of all others out.
 */
export class OpenCalls {
  readonly #calls = new Set<OpenCall>();
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
    this.#calls.add(call);
    if (this.#calls.size > this.#maxCalls) this.#abandonOldest();
  }

  /** What a call holds has changed by this many bytes. */
  hold(bytes: number): void {
    this.#held += bytes;
    if (bytes > 0 && this.#held > this.#maxHeldBytes) this.#abandonOldest();
  }

  /** The call has ended, or is no longer counted; without effect the second time. */
  remove(call: OpenCall): void {
    if (this.#calls.delete(call)) this.#held -= call.held;
  }

  /** Ends the calls that are past their deadline, and those that were opened `callTicks` ago. */
  sweep(now: number, callTicks: number): void {
    this.#tick++;
    for (const call of this.#calls)
      if (now > call.deadline || this.#tick - call.tick > callTicks) this.#abandon(call, TOO_LATE);
  }

  #abandonOldest(): void {
    for (const call of this.#calls) {
      this.#abandon(call, TOO_MUCH);
      if (this.#calls.size <= this.#maxCalls && this.#held <= this.#maxHeldBytes) return;
    }
  }

  #abandon(call: OpenCall, refusal: Refusal): void {
    call.abandon(refusal);
    this.remove(call);
  }
}
