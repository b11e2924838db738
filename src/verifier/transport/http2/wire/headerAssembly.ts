import { ConnectionError, ERROR, FLAG } from "./frames.ts";

/** More frames than the longest block of headers that is allowed needs. */
const MAX_CONTINUATIONS = 8;
const PRIORITY_BYTES = 5;

/** A whole block of headers: `bytes` from `start` to `end`. */
export interface AssembledBlock {
  readonly stream: number;
  readonly endsStream: boolean;
  readonly bytes: Buffer;
  readonly start: number;
  readonly end: number;
}

/** Puts blocks of headers together from HEADERS and the CONTINUATION frames after it. */
export class HeaderAssembly {
  readonly #maxBytes: number;
  #parts: Buffer[] = [];
  #length = 0;
  #stream = 0;
  #endsStream = false;

  /** `maxBytes` of one block, as it is sent. */
  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  /** Whether only a CONTINUATION may come next. */
  get isOpen(): boolean {
    return this.#parts.length > 0;
  }

  /** A HEADERS frame. Undefined if its block continues. Throws ConnectionError. */
  headers(
    stream: number,
    flags: number,
    bytes: Buffer,
    from: number,
    to: number,
  ): AssembledBlock | undefined {
    let start = from;
    let end = to;
    if (flags & FLAG.padded) end -= (bytes[start++] ?? 0) as number;
    if (flags & FLAG.priority) start += PRIORITY_BYTES;
    if (start > end) throw new ConnectionError(ERROR.protocol, "HEADERS has more padding than bytes");
    const endsStream = (flags & FLAG.endStream) !== 0;
    if (flags & FLAG.endHeaders) return { stream, endsStream, bytes, start, end };
    this.#stream = stream;
    this.#endsStream = endsStream;
    this.#add(bytes, start, end);
    return undefined;
  }

  /** A CONTINUATION frame. Undefined if the block continues. Throws ConnectionError. */
  continuation(
    stream: number,
    flags: number,
    bytes: Buffer,
    start: number,
    end: number,
  ): AssembledBlock | undefined {
    if (!this.isOpen || stream !== this.#stream)
      throw new ConnectionError(ERROR.protocol, "CONTINUATION continues no headers");
    this.#add(bytes, start, end);
    if (!(flags & FLAG.endHeaders)) return undefined;
    const whole = Buffer.concat(this.#parts);
    this.#parts = [];
    this.#length = 0;
    return { stream, endsStream: this.#endsStream, bytes: whole, start: 0, end: whole.length };
  }

  #add(bytes: Buffer, start: number, end: number): void {
    this.#parts.push(Buffer.from(bytes.subarray(start, end)));
    this.#length += end - start;
    if (this.#length > this.#maxBytes || this.#parts.length > MAX_CONTINUATIONS)
      throw new ConnectionError(ERROR.enhanceYourCalm, "the headers are too long");
  }
}
