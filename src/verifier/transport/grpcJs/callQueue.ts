import type { ServerUnaryCall, sendUnaryData } from "@grpc/grpc-js";
import { type Clock, systemClock } from "../../../base/clock.ts";
import type { Call, Handler } from "../transport.ts";

type UnaryCall = ServerUnaryCall<Buffer, Buffer>;
type Reply = sendUnaryData<Buffer>;

/** So many calls are handled before the first of them is replied to: enough to fill the caches, few enough not to wait for. */
const GROUP = 32;

/**
 * Handles the calls that have arrived in one turn of the event loop one after the other, and then sends their responses, a group at a time. grpc-js
 * runs so much code between two calls that the processor's caches hold nothing of the handler when the next one begins: a handler
 * that is called for each call by itself takes more than twice as long. A call waits no longer than until the sockets that are ready have
 * been read.
 */
export class CallQueue {
  readonly #handler: Handler;
  readonly #clock: Pick<Clock, "wall">;
  #waiting: (readonly [UnaryCall, Reply])[] = [];

  constructor(handler: Handler, clock: Pick<Clock, "wall"> = systemClock) {
    this.#handler = handler;
    this.#clock = clock;
  }

  /** Handles the call soon, unless its client gives up, or its deadline passes, before. */
  add(call: UnaryCall, reply: Reply): void {
    if (this.#waiting.push([call, reply]) === 1) setImmediate(() => this.#handleAll());
  }

  #handleAll(): void {
    const calls = this.#waiting;
    this.#waiting = [];
    for (let at = 0; at < calls.length; at += GROUP) this.#handleGroup(calls.slice(at, at + GROUP));
  }

  #handleGroup(calls: readonly (readonly [UnaryCall, Reply])[]): void {
    const answers = calls.map(([call]) => this.#answer(call));
    answers.forEach((answer, at) => {
      const reply = calls[at]?.[1];
      if (answer instanceof Promise) void answer.then((late) => reply?.(null, late));
      else if (answer) reply?.(null, answer);
    });
  }

  /** Undefined for a call whose client no longer waits: grpc-js ends it. A decision would cost time that others need. */
  #answer(unary: UnaryCall): Buffer | Promise<Buffer> | undefined {
    const call = new ReceivedCall(unary);
    return call.isOver || call.deadline <= this.#clock.wall() ? undefined : this.#handler(call);
  }
}

/** A call as the handler sees it. */
class ReceivedCall implements Call {
  readonly message: Buffer;
  readonly deadline: number;
  readonly #call: UnaryCall;

  constructor(call: UnaryCall) {
    const deadline = call.getDeadline();
    this.message = call.request;
    this.deadline = typeof deadline === "number" ? deadline : deadline.getTime();
    this.#call = call;
  }

  get isOver(): boolean {
    return this.#call.cancelled;
  }

  header(name: string): string | undefined {
    const [value] = this.#call.metadata.get(name);
    return typeof value === "string" ? value : undefined;
  }
}
