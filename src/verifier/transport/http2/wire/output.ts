import { FLAG, FRAME, HEAD_BYTES, MAX_PAYLOAD_BYTES } from "./frames.ts";
import { encodeHeaders } from "./hpack/encode.ts";

/** Frames are put together in pieces of memory of this size; bytes. */
const SLAB_BYTES = 8_192;
/** One byte for whether the message is compressed, and four of its length: gRPC's prefix of a message. */
export const PREFIX_BYTES = 5;

/** The headers of a response to a call, and its trailers with status OK. */
const RESPONSE = encodeHeaders({ ":status": "200", "content-type": "application/grpc" });
const OK = encodeHeaders({ "grpc-status": "0" });
const RESPONSE_BYTES = 3 * HEAD_BYTES + PREFIX_BYTES + OK.length;
/**
 * What the first header block begins with: the table of the client has no room from now on. A client that has lowered
 * SETTINGS_HEADER_TABLE_SIZE cannot read a block without it: RFC 7541, section 4.2.
 */
const NO_TABLE = Buffer.from([0x20]);

/**
 * The frames that one connection sends, put together until flush(). Memory that has been handed over is never written to again, since
 * the socket may still read it.
 */
export class Output {
  #bytes: Buffer = Buffer.alloc(0);
  #start = 0;
  #end = 0;
  /** No header block has been written. */
  #isFirstBlock = true;

  /** What has been written since the last call; undefined if nothing has. */
  flush(): Buffer | undefined {
    if (this.#start === this.#end) return undefined;
    const written = this.#bytes.subarray(this.#start, this.#end);
    this.#start = this.#end;
    return written;
  }

  /** A whole response to a unary call: headers, one message, and status OK. `message` fits into one frame with its prefix. */
  response(stream: number, message: Buffer): void {
    const block = this.#blockOf(RESPONSE);
    let at = this.#reserve(RESPONSE_BYTES + block.length + message.length);
    const bytes = this.#bytes;
    at = head(bytes, at, block.length, FRAME.headers, FLAG.endHeaders, stream);
    at += block.copy(bytes, at);
    at = head(bytes, at, PREFIX_BYTES + message.length, FRAME.data, 0, stream);
    bytes[at] = 0;
    bytes.writeUInt32BE(message.length, at + 1);
    at += PREFIX_BYTES;
    at += message.copy(bytes, at);
    at = head(bytes, at, OK.length, FRAME.headers, FLAG.endHeaders | FLAG.endStream, stream);
    OK.copy(bytes, at);
  }

  /** The headers of a response whose messages follow. */
  responseHeaders(stream: number): void {
    this.frame(FRAME.headers, FLAG.endHeaders, stream, this.#blockOf(RESPONSE));
  }

  /** A response of headers alone. */
  onlyHeaders(stream: number, block: Buffer): void {
    this.frame(FRAME.headers, FLAG.endHeaders | FLAG.endStream, stream, this.#blockOf(block));
  }

  /** The trailers of a call that ends with status OK. */
  okTrailers(stream: number): void {
    this.frame(FRAME.headers, FLAG.endHeaders | FLAG.endStream, stream, OK);
  }

  /** One frame of any type; the payload is at most 16 KiB. */
  frame(type: number, flags: number, stream: number, payload: Buffer): void {
    const at = this.#reserve(HEAD_BYTES + payload.length);
    payload.copy(this.#bytes, head(this.#bytes, at, payload.length, type, flags, stream));
  }

  /** A frame whose payload is these numbers of 32 bits: RST_STREAM, WINDOW_UPDATE, GOAWAY. */
  numbers(type: number, stream: number, ...values: readonly number[]): void {
    let at = this.#reserve(HEAD_BYTES + 4 * values.length);
    at = head(this.#bytes, at, 4 * values.length, type, 0, stream);
    for (const value of values) at = this.#bytes.writeUInt32BE(value, at);
  }

  /** The header block that begins a response. */
  #blockOf(block: Buffer): Buffer {
    if (!this.#isFirstBlock) return block;
    this.#isFirstBlock = false;
    return Buffer.concat([NO_TABLE, block]);
  }

  /** Room for so many bytes, which count as written. */
  #reserve(length: number): number {
    if (this.#end + length > this.#bytes.length) {
      const unsent = this.#bytes.subarray(this.#start, this.#end);
      const needed = unsent.length + length;
      this.#bytes = Buffer.allocUnsafe(needed > SLAB_BYTES / 2 ? 2 * needed : SLAB_BYTES);
      unsent.copy(this.#bytes);
      this.#start = 0;
      this.#end = unsent.length;
    }
    const at = this.#end;
    this.#end += length;
    return at;
  }
}

/** Whether response() can send it, as far as its length is concerned. */
export function fitsOneFrame(message: Buffer): boolean {
  return PREFIX_BYTES + message.length <= MAX_PAYLOAD_BYTES;
}

/** Writes the head of a frame, and returns where its payload begins. */
function head(
  bytes: Buffer,
  at: number,
  length: number,
  type: number,
  flags: number,
  stream: number,
): number {
  bytes[at] = length >> 16;
  bytes[at + 1] = length >> 8;
  bytes[at + 2] = length;
  bytes[at + 3] = type;
  bytes[at + 4] = flags;
  return bytes.writeUInt32BE(stream, at + 5);
}
