/** Bytes that are no protobuf message. Only this module throws it; the decoders turn it into a value. */
export class Malformed extends Error {
  override readonly name = "Malformed";
}

/** Part of a message, by the offsets of its first byte and of the byte behind its last. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** Wire types of protobuf. */
const VARINT = 0;
const FIXED64 = 1;
const LENGTH = 2;
const FIXED32 = 5;

/**
 * Reads a protobuf message in place: `next` goes from field to field, and the getters describe the field that it stopped at.
 * Makes no object for a field. Throws Malformed at the first byte that fits nothing.
 */
export class Cursor {
  #bytes: Buffer;
  #end: number;
  #at: number;
  /** The number of the current field. */
  field = 0;
  /** Whether the current field is bytes, text or a message. */
  hasLength = false;
  /** Where the content of a field with a length begins and ends. */
  start = 0;
  end = 0;

  constructor(bytes: Buffer, start = 0, end = bytes.length) {
    this.#bytes = bytes;
    this.#at = start;
    this.#end = end;
  }

  /** Begins with other bytes. */
  read(bytes: Buffer): void {
    this.#bytes = bytes;
    this.enter(0, bytes.length);
  }

  /** Continues with another part of the same bytes. */
  enter(start: number, end: number): void {
    this.#at = start;
    this.#end = end;
  }

  /** Goes to the next field; false at the end of the message. */
  next(): boolean {
    if (this.#at >= this.#end) return false;
    const tag = this.#varint();
    this.field = tag < 0x80 ? tag >> 3 : Math.floor(tag / 8);
    if (this.field === 0) throw new Malformed("field number 0");
    const type = tag % 8;
    this.hasLength = type === LENGTH;
    if (type === LENGTH) {
      const length = this.#varint();
      this.start = this.#at;
      this.#skip(length);
      this.end = this.#at;
    } else if (type === VARINT) this.#varint();
    else if (type === FIXED64) this.#skip(8);
    else if (type === FIXED32) this.#skip(4);
    else throw new Malformed(`wire type ${type}`);
    return true;
  }

  /** Up to ten bytes; what does not fit a double exactly is only ever skipped over, so its low bits do not matter. */
  #varint(): number {
    const first = this.#bytes[this.#at];
    if (first !== undefined && first < 0x80 && this.#at < this.#end) {
      this.#at += 1;
      return first;
    }
    let value = 0;
    // 28 bits, as every length of a message has: by operators that keep V8 from making an object for the number.
    for (let shift = 0; shift < 28; shift += 7) {
      const byte = this.#byte();
      value |= (byte & 0x7f) << shift;
      if (byte < 0x80) return value;
    }
    return this.#longVarint(value);
  }

  /** The rest of one that has 28 bits so far. */
  #longVarint(begin: number): number {
    let value = begin;
    for (let shift = 28; shift < 70; shift += 7) {
      const byte = this.#byte();
      value += (byte & 0x7f) * 2 ** shift;
      if (byte < 0x80) return value;
    }
    throw new Malformed("a varint is too long");
  }

  #byte(): number {
    const byte = this.#at < this.#end ? this.#bytes[this.#at] : undefined;
    if (byte === undefined) throw new Malformed("a varint is cut off");
    this.#at += 1;
    return byte;
  }

  #skip(length: number): void {
    if (length > this.#end - this.#at) throw new Malformed("a field is cut off");
    this.#at += length;
  }
}
