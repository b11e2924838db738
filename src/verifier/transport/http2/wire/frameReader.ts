import { ConnectionError, ERROR, FLAG, FRAME, HEAD_BYTES, MAX_31_BITS, MAX_PAYLOAD_BYTES } from "./frames.ts";

const PREFACE = Buffer.from("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");
const NONE = Buffer.alloc(0);

/**
 * Gets the frames of one connection in their order. The bytes may be read until the method returns. What it throws ends the
 * connection.
 */
export interface FrameSink {
  /** A whole frame of any type but DATA; its payload is from `start` to `end`. */
  frame(bytes: Buffer, start: number, end: number): void;
  /** A DATA frame begins; `length` counts its padding too, as flow control does. */
  dataHead(length: number): void;
  /** The next part of that frame; `isEnd` for the last one of a stream. */
  data(bytes: Buffer, start: number, end: number, isEnd: boolean): void;
}

/** The head of a frame; see FLAG and FRAME. */
export interface FrameHead {
  readonly type: number;
  readonly flags: number;
  /** 0 for the connection. */
  readonly stream: number;
}

/**
 * Splits what a client sends into frames. DATA is handed on as it arrives, so that a message is copied once at most; other frames
 * are at most 16 KiB, and held until they are whole.
 */
export class FrameReader implements FrameHead {
  /** Of the current frame. */
  type = 0;
  flags = 0;
  stream = 0;
  readonly #sink: FrameSink;
  /** The beginning of a preface, or of a frame that is not DATA. */
  #partial: Buffer = NONE;
  #partialLength = 0;
  #isPrefaced = false;
  /** Of the current DATA frame: what has not arrived yet. */
  #dataLeft = 0;
  #paddingLeft = 0;

  constructor(sink: FrameSink) {
    this.#sink = sink;
  }

  /** Takes the next bytes. Throws ConnectionError. */
  push(chunk: Buffer): void {
    let at = 0;
    while (at < chunk.length) {
      if (this.#dataLeft > 0) at = this.#continue(chunk, at);
      else if (this.#paddingLeft > 0) at = this.#skip(chunk, at);
      else if (this.#partialLength > 0) at = this.#fill(chunk, at);
      else at = this.#begin(chunk, at);
    }
  }

  #begin(chunk: Buffer, at: number): number {
    const left = chunk.length - at;
    const need = this.#need(chunk, at, left);
    if (left >= need) {
      this.#take(chunk, at);
      return at + need;
    }
    this.#partial = Buffer.allocUnsafe(need);
    chunk.copy(this.#partial, 0, at);
    this.#partialLength = left;
    return chunk.length;
  }

  #fill(chunk: Buffer, at: number): number {
    const need = this.#need(this.#partial, 0, this.#partialLength);
    if (need > this.#partial.length) {
      const grown = Buffer.allocUnsafe(need);
      this.#partial.copy(grown, 0, 0, this.#partialLength);
      this.#partial = grown;
    }
    const end = Math.min(chunk.length, at + need - this.#partialLength);
    chunk.copy(this.#partial, this.#partialLength, at, end);
    this.#partialLength += end - at;
    if (this.#partialLength === this.#need(this.#partial, 0, this.#partialLength)) {
      const whole = this.#partial;
      this.#partial = NONE;
      this.#partialLength = 0;
      this.#take(whole, 0);
    }
    return end;
  }

  /** How many bytes have to be there before take() can be called; more may be needed once these are there. */
  #need(bytes: Buffer, at: number, available: number): number {
    if (!this.#isPrefaced) return needOfPreface(bytes, at, available);
    if (available < HEAD_BYTES) return HEAD_BYTES;
    const length = bytes.readUIntBE(at, 3);
    if (length > MAX_PAYLOAD_BYTES) throw new ConnectionError(ERROR.frameSize, "a frame is too long");
    if (bytes[at + 3] !== FRAME.data) return HEAD_BYTES + length;
    return HEAD_BYTES + (isPadded(bytes, at) && length > 0 ? 1 : 0);
  }

  #take(bytes: Buffer, at: number): void {
    if (!this.#isPrefaced) {
      this.#isPrefaced = true;
      return;
    }
    const length = bytes.readUIntBE(at, 3);
    this.type = bytes[at + 3] as number;
    this.flags = bytes[at + 4] as number;
    this.stream = bytes.readUInt32BE(at + 5) & MAX_31_BITS;
    const start = at + HEAD_BYTES;
    if (this.type !== FRAME.data) this.#sink.frame(bytes, start, start + length);
    else this.#beginData(length, isPadded(bytes, at) ? bytes[start] : undefined);
  }

  #beginData(length: number, padding: number | undefined): void {
    this.#sink.dataHead(length);
    if (padding !== undefined && padding >= length)
      throw new ConnectionError(ERROR.protocol, "DATA has more padding than bytes");
    this.#dataLeft = padding === undefined ? length : length - 1 - padding;
    this.#paddingLeft = padding ?? 0;
    if (this.#dataLeft === 0) this.#sink.data(NONE, 0, 0, this.#endsStream);
  }

  #continue(chunk: Buffer, at: number): number {
    const end = Math.min(chunk.length, at + this.#dataLeft);
    this.#dataLeft -= end - at;
    this.#sink.data(chunk, at, end, this.#dataLeft === 0 && this.#endsStream);
    return end;
  }

  #skip(chunk: Buffer, at: number): number {
    const end = Math.min(chunk.length, at + this.#paddingLeft);
    this.#paddingLeft -= end - at;
    return end;
  }

  get #endsStream(): boolean {
    return (this.flags & FLAG.endStream) !== 0;
  }
}

function isPadded(bytes: Buffer, at: number): boolean {
  return ((bytes[at + 4] as number) & FLAG.padded) !== 0;
}

/** A client that speaks something else is recognised by its first bytes, not only once it has sent as many as the preface has. */
function needOfPreface(bytes: Buffer, at: number, available: number): number {
  const known = Math.min(available, PREFACE.length);
  if (bytes.compare(PREFACE, 0, known, at, at + known) !== 0)
    throw new ConnectionError(ERROR.protocol, "the client does not speak HTTP/2");
  return PREFACE.length;
}
