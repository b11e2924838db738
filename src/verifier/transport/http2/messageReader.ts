import type { BufferPool } from "./bufferPool.ts";
import { grpcRefusal, type Refusal, STATUS } from "./refusal.ts";
import { PREFIX_BYTES } from "./wire/output.ts";

const NONE = Buffer.alloc(0);
/** With a smaller one, the buffers that a message of 16 MiB grows through are too many to keep. */
const GROWTH = 4;
const MISSING = grpcRefusal(STATUS.internal, "the call has no message");
const TRUNCATED = grpcRefusal(STATUS.internal, "the message ends early");
const SECOND = grpcRefusal(STATUS.internal, "a unary call has one message");
const COMPRESSED_WITHOUT_ENCODING = grpcRefusal(
  STATUS.internal,
  "the message is marked as compressed, but the call has no grpc-encoding",
);
const COMPRESSED = grpcRefusal(STATUS.unimplemented, "compressed messages are not supported", {
  "grpc-accept-encoding": "identity",
});

/**
 * The message of a call all of whose bytes are there, from `start` to `end`; a view. Undefined if it needs a MessageReader: it is
 * incomplete, too long, or marked as compressed.
 */
export function wholeMessage(
  bytes: Buffer,
  start: number,
  end: number,
  maxBytes: number,
): Buffer | undefined {
  const length = end - start - PREFIX_BYTES;
  if (length < 0 || length > maxBytes || bytes[start] !== 0 || bytes.readUInt32BE(start + 1) !== length)
    return undefined;
  return bytes.subarray(start + PREFIX_BYTES, end);
}

/**
 * Collects the one message of a unary call. It copies what it keeps: a chunk is a view of all that one read of the socket
 * brought, up to 64 KiB, which it would keep in memory. It never holds more than five times of what has arrived.
 */
export class MessageReader {
  readonly #maxBytes: number;
  readonly #pool: BufferPool;
  readonly #encoding: string | undefined;
  /** The prefix and the message, as far as they have arrived, and room for more. */
  #bytes: Buffer = NONE;
  #length = 0;
  /** Of prefix and message; undefined until the prefix has arrived. */
  #end: number | undefined;

  /** `encoding` is the call's `grpc-encoding`. */
  constructor(maxBytes: number, pool: BufferPool, encoding: string | undefined) {
    this.#maxBytes = maxBytes;
    this.#pool = pool;
    this.#encoding = encoding;
  }

  /** Memory that is held, in bytes. */
  get held(): number {
    return this.#bytes.length;
  }

  /** Takes the next chunk. Returns the reason if the call is rejected; then no more chunks may follow. */
  push(chunk: Buffer): Refusal | undefined {
    this.#append(chunk);
    if (this.#end === undefined && this.#length >= PREFIX_BYTES) {
      const length = this.#bytes.readUInt32BE(1);
      const refusal = this.#refusalOf(this.#bytes[0], length);
      if (refusal) return refusal;
      this.#end = PREFIX_BYTES + length;
    }
    return this.#end !== undefined && this.#length > this.#end ? SECOND : undefined;
  }

  /** The message, once the client has sent everything. */
  finish(): Buffer | Refusal {
    if (this.#length === this.#end) return this.#bytes.subarray(PREFIX_BYTES, this.#end);
    return this.#length === 0 ? MISSING : TRUNCATED;
  }

  /** Gives its memory back: the message must not be read any more. */
  release(): void {
    this.#pool.give(this.#bytes);
    this.#bytes = NONE;
    this.#length = 0;
  }

  #append(chunk: Buffer): void {
    const length = this.#length + chunk.length;
    if (length > this.#bytes.length) {
      const roomy = Math.min(this.#end ?? 0, GROWTH * this.#bytes.length);
      const bytes = this.#pool.take(Math.max(length, roomy));
      this.#bytes.copy(bytes, 0, 0, this.#length);
      this.#pool.give(this.#bytes);
      this.#bytes = bytes;
    }
    chunk.copy(this.#bytes, this.#length);
    this.#length = length;
  }

  #refusalOf(compressed: number | undefined, length: number): Refusal | undefined {
    if (length > this.#maxBytes)
      return grpcRefusal(
        STATUS.resourceExhausted,
        `the message has ${length} bytes, more than the limit of ${this.#maxBytes}`,
      );
    if (compressed === 0) return undefined;
    if (compressed !== 1 || this.#encoding === undefined || this.#encoding === "identity")
      return COMPRESSED_WITHOUT_ENCODING;
    return COMPRESSED;
  }
}
