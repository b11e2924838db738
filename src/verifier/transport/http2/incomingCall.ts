import { constants, type IncomingHttpHeaders, type ServerHttp2Stream } from "node:http2";
import type { Call } from "../transport.ts";
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
  #held = 0;

  constructor(
    { stream, headers, deadline }: Opened,
    maxMessageBytes: number,
    open: OpenCalls,
    deliver: Deliver,
  ) {
    this.stream = stream;
    this.deadline = deadline;
    this.tick = open.tick;
    this.#headers = headers;
    this.#open = open;
    this.#deliver = deliver;
    this.#reader = new MessageReader(maxMessageBytes, encodingOf(headers));
    open.add(this);
    stream.on("close", () => open.remove(this));
    stream.on("data", (chunk: Buffer) => this.#receive(chunk));
    stream.on("end", () => this.#complete());
  }

  get held(): number {
    return this.#held;
  }

  /** Sends the one response of a unary call, and status OK. */
  reply(message: Buffer): void {
    const { stream } = this;
    if (stream.destroyed || stream.closed) return;
    const response = framed(message);
    this.respond();
    stream.end(response);
    this.#hold(response.length);
  }

  /** Sends the headers; the status follows when the stream ends. */
  respond(): void {
    this.stream.on("wantTrailers", sendOk);
    this.stream.respond(HEADERS, WITH_TRAILERS);
  }

  refuse(refusal: Refusal): void {
    this.#stopReading();
    refuse(this.stream, refusal);
  }

  abandon(refusal: Refusal): void {
    if (this.stream.headersSent) this.stream.close(constants.NGHTTP2_CANCEL);
    else this.refuse(refusal);
  }

  /** From now on the call may last as long as its connection: it is a watch. */
  keep(): void {
    this.#open.remove(this);
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
    this.#stopReading();
    if (message instanceof Refusal) this.refuse(message);
    else this.#deliver(new ReceivedCall(message, this.deadline, this.#headers), this);
  }

  /** Lets go of what has arrived, so that an unread response does not hold its request too. */
  #stopReading(): void {
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
  readonly deadline: number;
  readonly #headers: IncomingHttpHeaders;

  constructor(message: Buffer, deadline: number, headers: IncomingHttpHeaders) {
    this.message = message;
    this.deadline = deadline;
    this.#headers = headers;
  }

  header(name: string): string | undefined {
    const value = this.#headers[name];
    return Array.isArray(value) ? value[0] : value;
  }
}

function encodingOf(headers: IncomingHttpHeaders): string | undefined {
  const encoding = headers["grpc-encoding"];
  return Array.isArray(encoding) ? encoding[0] : encoding;
}
