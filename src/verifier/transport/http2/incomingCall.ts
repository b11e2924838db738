import { constants, type IncomingHttpHeaders, type ServerHttp2Stream } from "node:http2";
import type { Call } from "../transport.ts";
import type { BufferPool } from "./bufferPool.ts";
import { MessageReader, PREFIX_BYTES } from "./messageReader.ts";
import type { OpenCall, OpenCalls } from "./openCalls.ts";
import { CONTENT_TYPE, Refusal, refuse } from "./refusal.ts";

const HEADERS = { ":status": 200, "content-type": CONTENT_TYPE };
const WITH_TRAILERS = { waitForTrailers: true };
const OK_TRAILERS = { "grpc-status": "0" };

/** What a call was opened with. */
export interface Opened {
  readonly stream: ServerHttp2Stream;
  readonly headers: IncomingHttpHeaders;
  /** Epoch milliseconds; Infinity for none. */
  readonly deadline: number;
}

/** Gets a call whose message is complete, and replies on the call's stream. */
export type Deliver = (call: Call, incoming: IncomingCall) => void;

/** One call of a method with one request: reads the message, delivers it, and sends the response. */
export class IncomingCall implements OpenCall {
  readonly deadline: number;
  readonly tick: number;
  readonly stream: ServerHttp2Stream;
  readonly #headers: IncomingHttpHeaders;
  readonly #open: OpenCalls;
  readonly #deliver: Deliver;
  #reader: MessageReader | undefined;
  /** The message is being read until the reply. */
  #isRead = false;
  #held = 0;

  constructor(
    { stream, headers, deadline }: Opened,
    { maxMessageBytes, pool }: { readonly maxMessageBytes: number; readonly pool: BufferPool },
    open: OpenCalls,
    deliver: Deliver,
  ) {
    this.stream = stream;
    this.deadline = deadline;
    this.tick = open.tick;
    this.#headers = headers;
    this.#open = open;
    this.#deliver = deliver;
    this.#reader = new MessageReader(maxMessageBytes, pool, firstValue(headers, "grpc-encoding"));
    open.add(this);
    stream.on("close", () => this.#ended());
    stream.on("data", (chunk: Buffer) => this.#receive(chunk));
    stream.on("end", () => this.#complete());
  }

  get held(): number {
    return this.#held;
  }

  /** Whether the client no longer waits for a response. */
  get isOver(): boolean {
    return this.stream.destroyed || this.stream.closed;
  }

  /** Sends the one response of a unary call, and status OK. The message of the call must not be read after it. */
  reply(message: Buffer): void {
    const response = framed(message);
    this.#release();
    if (this.isOver) return;
    this.respond();
    this.stream.end(response);
    this.#hold(response.length);
  }

  /** Sends the headers; the status follows when the stream ends. */
  respond(): void {
    this.stream.on("wantTrailers", sendOk);
    this.stream.respond(HEADERS, WITH_TRAILERS);
  }

  refuse(refusal: Refusal): void {
    this.#releaseUnlessRead();
    refuse(this.stream, refusal);
  }

  abandon(refusal: Refusal): void {
    if (this.stream.headersSent) this.stream.close(constants.NGHTTP2_CANCEL);
    else this.refuse(refusal);
  }

  /** The reply comes later, and the message is read until then. */
  defer(): void {
    this.#isRead = true;
  }

  /** From now on the call may last as long as its connection: it is a watch, and its message has been read. */
  keep(): void {
    this.#release();
    this.#open.remove(this);
  }

  /** A call's header; see Call. */
  header(name: string): string | undefined {
    return firstValue(this.#headers, name);
  }

  #receive(chunk: Buffer): void {
    const reader = this.#reader;
    if (!reader) return;
    const refusal = reader.push(chunk);
    if (refusal) this.refuse(refusal);
    else this.#hold(reader.held);
  }

  #complete(): void {
    const message = this.#reader?.finish();
    if (message === undefined) return;
    if (message instanceof Refusal) this.refuse(message);
    else {
      this.#deliver(new ReceivedCall(message, this), this);
      this.#releaseUnlessRead();
    }
  }

  #ended(): void {
    this.#open.remove(this);
    this.#releaseUnlessRead();
  }

  #releaseUnlessRead(): void {
    if (!this.#isRead) this.#release();
  }

  /** Lets go of what has arrived, so that an unread response does not hold its request too. */
  #release(): void {
    if (!this.#reader) return;
    this.#reader.release();
    this.#reader = undefined;
    this.#hold(0);
  }

  #hold(bytes: number): void {
    const change = bytes - this.#held;
    this.#held = bytes;
    if (change !== 0) this.#open.hold(change);
  }
}

/** The message with gRPC's prefix: not compressed, and its length. */
export function framed(message: Buffer): Buffer {
  const bytes = Buffer.allocUnsafe(PREFIX_BYTES + message.length);
  bytes[0] = 0;
  bytes.writeUInt32BE(message.length, 1);
  message.copy(bytes, PREFIX_BYTES);
  return bytes;
}

function sendOk(this: ServerHttp2Stream): void {
  this.sendTrailers(OK_TRAILERS);
}

class ReceivedCall implements Call {
  readonly message: Buffer;
  readonly #incoming: IncomingCall;

  constructor(message: Buffer, incoming: IncomingCall) {
    this.message = message;
    this.#incoming = incoming;
  }

  get deadline(): number {
    return this.#incoming.deadline;
  }

  get isOver(): boolean {
    return this.#incoming.isOver;
  }

  header(name: string): string | undefined {
    return this.#incoming.header(name);
  }
}

function firstValue(headers: IncomingHttpHeaders, name: string): string | undefined {
  const value = headers[name];
  return Array.isArray(value) ? value[0] : value;
}
