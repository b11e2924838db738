import type { Call } from "../transport.ts";
import type { BufferPool } from "./bufferPool.ts";
import { MessageReader, wholeMessage } from "./messageReader.ts";
import type { OpenCall, OpenCalls } from "./openCalls.ts";
import { ReceivedCall } from "./receivedCall.ts";
import { Refusal } from "./refusal.ts";
import type { Stream, Streams } from "./streams.ts";
import { ERROR, FRAME } from "./wire/frames.ts";
import type { HeaderBlock } from "./wire/hpack/headerBlock.ts";
import { PREFIX_BYTES } from "./wire/output.ts";
import { ReceiveWindow } from "./wire/receiveWindow.ts";

/** Gets a call whose message is complete, and replies to it. */
export type Deliver = (call: Call, incoming: IncomingCall) => void;

/** What becomes of a call, by its headers. */
export interface Admitted {
  /** Epoch milliseconds; Infinity for none. */
  readonly deadline: number;
  readonly deliver: Deliver;
}

/** What all calls of a transport share. */
export interface CallContext {
  readonly maxMessageBytes: number;
  readonly pool: BufferPool;
  readonly open: OpenCalls;
}

/** One call of a method with one request: reads the message, delivers it, and sends the response. */
export class IncomingCall implements OpenCall, Stream {
  readonly id: number;
  readonly deadline: number;
  readonly tick: number;
  sendWindow: number;
  readonly unsent: Buffer[] = [];
  older: OpenCall | undefined;
  newer: OpenCall | undefined;
  isEnding = false;
  /** Whether the client no longer waits for a response. */
  isOver = false;
  /** Called when the stream has ended, however. */
  onEnd: (() => void) | undefined;
  readonly #streams: Streams;
  readonly #headers: HeaderBlock;
  readonly #context: CallContext;
  readonly #admitted: Admitted | Refusal;
  #reader: MessageReader | undefined;
  /** The client has sent everything. */
  #isComplete = false;
  /** The response has begun. */
  #hasResponded = false;
  /** The message is being read until the reply. */
  #isRead = false;
  readonly #window: ReceiveWindow;
  #held = 0;
  /** Whether it is one of the open calls, whose memory is bounded. */
  #isCounted = false;

  constructor(
    on: { readonly streams: Streams; readonly id: number; readonly headers: HeaderBlock },
    context: CallContext,
    admitted: Admitted | Refusal,
  ) {
    this.id = on.id;
    this.sendWindow = on.streams.sender.initialWindow;
    this.deadline = admitted instanceof Refusal ? Number.POSITIVE_INFINITY : admitted.deadline;
    this.tick = context.open.tick;
    this.#streams = on.streams;
    this.#headers = on.headers;
    this.#context = context;
    this.#admitted = admitted;
    this.#window = new ReceiveWindow(on.streams.limits.streamWindow);
  }

  get held(): number {
    return this.#held;
  }

  begin(endsStream: boolean): void {
    this.#isComplete = endsStream;
    if (this.#admitted instanceof Refusal) {
      this.refuse(this.#admitted);
      return;
    }
    this.#isCounted = true;
    this.#context.open.add(this);
    this.#hold(0);
    if (endsStream) this.#complete();
  }

  charge(length: number): void {
    if (!this.#window.take(length)) {
      this.#streams.violated(this.id, ERROR.flowControl);
      return;
    }
    const due = this.#window.due();
    if (due > 0) this.#streams.output.numbers(FRAME.windowUpdate, this.id, due);
  }

  receive(bytes: Buffer, start: number, end: number, isEnd: boolean): void {
    if (this.isOver) return;
    if (this.#isComplete) {
      this.#streams.violated(this.id, ERROR.streamClosed);
      return;
    }
    this.#isComplete = isEnd;
    const whole = isEnd && !this.#reader && wholeMessage(bytes, start, end, this.#context.maxMessageBytes);
    if (whole) {
      this.#streams.isChunkKept = true;
      this.#handOver(whole);
    } else this.#collect(bytes.subarray(start, end), isEnd);
  }

  trailers(headers: HeaderBlock, endsStream: boolean): void {
    if (this.#isComplete) this.#streams.violated(this.id, ERROR.streamClosed);
    else if (!(endsStream && headers.isTrailers)) this.#streams.violated(this.id, ERROR.protocol);
    else {
      this.#isComplete = true;
      this.#complete();
    }
  }

  /** Sends the one response of a unary call, and status OK. The message of the call must not be read after it. */
  reply(message: Buffer): void {
    this.#release();
    if (this.isOver) return;
    if (this.#streams.sender.respond(this, message)) {
      this.sent();
      return;
    }
    this.respond();
    this.isEnding = true;
    this.send(message);
    if (!this.isOver) this.#hold(this.unsentBytes);
  }

  /** Sends the headers; messages and the status follow. */
  respond(): void {
    this.#hasResponded = true;
    this.#streams.output.responseHeaders(this.id);
  }

  /** Sends a message as soon as the client takes it. */
  send(message: Buffer): void {
    this.unsent.push(framed(message));
    this.#streams.sender.pump(this);
    this.#streams.flush();
  }

  /** What waits until the client takes it, in bytes. */
  get unsentBytes(): number {
    return this.unsent.reduce((sum, { length }) => sum + length, 0);
  }

  /** Sends status OK after the messages. */
  end(): void {
    if (this.isOver) return;
    this.isEnding = true;
    this.#streams.sender.pump(this);
  }

  sent(): void {
    this.#streams.finish(this.id, this.#isComplete);
  }

  /** Breaks the call off. */
  cancel(): void {
    this.#streams.reset(this.id, ERROR.cancel);
  }

  refuse(refusal: Refusal): void {
    if (this.isOver) return;
    this.#streams.output.onlyHeaders(this.id, refusal.block);
    this.sent();
  }

  abandon(refusal: Refusal): void {
    if (this.#hasResponded) this.cancel();
    else this.refuse(refusal);
  }

  /** The reply comes later, and the message is read until then. */
  defer(): void {
    this.#isRead = true;
  }

  /** From now on the call may last as long as its connection: it is a watch, and its message has been read. */
  keep(): void {
    this.#release();
    this.#uncount();
  }

  ended(): void {
    this.isOver = true;
    if (!this.#isRead) this.#release();
    this.#uncount();
    this.onEnd?.();
  }

  /** A call's header; see Call. */
  header(name: string): string | undefined {
    return this.#headers.get(name);
  }

  #collect(bytes: Buffer, isEnd: boolean): void {
    this.#reader ??= this.#newReader();
    const refusal = this.#reader.push(bytes);
    if (refusal) this.refuse(refusal);
    else {
      this.#hold(this.#reader.held);
      if (isEnd) this.#complete();
    }
  }

  #complete(): void {
    const message = (this.#reader ?? this.#newReader()).finish();
    if (message instanceof Refusal) this.refuse(message);
    else this.#handOver(message);
  }

  #handOver(message: Buffer): void {
    (this.#admitted as Admitted).deliver(new ReceivedCall(message, this), this);
    if (!this.#isRead) this.#release();
  }

  #newReader(): MessageReader {
    const { maxMessageBytes, pool } = this.#context;
    return new MessageReader(maxMessageBytes, pool, this.header("grpc-encoding"));
  }

  /** Lets go of what has arrived, so that an unread response does not hold its request too. */
  #release(): void {
    if (!this.#reader) return;
    this.#reader.release();
    this.#reader = undefined;
    this.#hold(0);
  }

  /** It holds so many bytes besides its headers. */
  #hold(bytes: number): void {
    const held = this.#headers.bytes + bytes;
    const change = held - this.#held;
    this.#held = held;
    if (change !== 0 && this.#isCounted) this.#context.open.hold(change);
  }

  #uncount(): void {
    if (!this.#isCounted) return;
    this.#context.open.remove(this);
    this.#isCounted = false;
  }
}

/** The message with gRPC's prefix: not compressed, and its length. */
function framed(message: Buffer): Buffer {
  const bytes = Buffer.allocUnsafe(PREFIX_BYTES + message.length);
  bytes[0] = 0;
  bytes.writeUInt32BE(message.length, 1);
  message.copy(bytes, PREFIX_BYTES);
  return bytes;
}
