/** A field of a protobuf message: a number for varints, bytes for everything with a length. Fixed-width fields are skipped. */
export type Field =
  | { readonly number: number; readonly bytes: Buffer }
  | { readonly number: number; readonly varint: number };

/** Bytes that are no protobuf message. Only this module throws it; the decoders turn it into a value. */
export class Malformed extends Error {
  override readonly name = "Malformed";
}

/** The fields of a message in the order of the wire; throws Malformed at the first byte that fits nothing. */
export function* fieldsOf(message: Buffer): Generator<Field> {
  const reader = new Reader(message);
  while (!reader.isAtEnd) {
    const tag = reader.varint();
    const number = Math.floor(tag / 8);
    if (number === 0) throw new Malformed("field number 0");
    const wireType = tag % 8;
    if (wireType === 0) yield { number, varint: reader.varint() };
    else if (wireType === 2) yield { number, bytes: reader.bytes() };
    else if (wireType === 1) reader.skip(8);
    else if (wireType === 5) reader.skip(4);
    else throw new Malformed(`wire type ${wireType}`);
  }
}

class Reader {
  readonly #message: Buffer;
  #at = 0;

  constructor(message: Buffer) {
    this.#message = message;
  }

  get isAtEnd(): boolean {
    return this.#at >= this.#message.length;
  }

  /** Up to ten bytes; what does not fit a double exactly is only ever skipped over, so its low bits do not matter. */
  varint(): number {
    let value = 0;
    for (let shift = 0; shift < 70; shift += 7) {
      const byte = this.#message[this.#at];
      if (byte === undefined) throw new Malformed("a varint is cut off");
      this.#at += 1;
      value += (byte & 0x7f) * 2 ** shift;
      if (byte < 0x80) return value;
    }
    throw new Malformed("a varint is too long");
  }

  bytes(): Buffer {
    const length = this.varint();
    const start = this.#at;
    this.skip(length);
    return this.#message.subarray(start, this.#at);
  }

  skip(length: number): void {
    if (length > this.#message.length - this.#at) throw new Malformed("a field is cut off");
    this.#at += length;
  }
}

/** Builds messages from their fields; nesting is concatenation of encoded parts. */
export function message(...fields: readonly Buffer[]): Buffer {
  return Buffer.concat(fields);
}

/** A field with a length: bytes, a nested message, or text. */
export function lengthField(number: number, content: Buffer | string): Buffer {
  const bytes = typeof content === "string" ? Buffer.from(content, "utf8") : content;
  return Buffer.concat([varint(number * 8 + 2), varint(bytes.length), bytes]);
}

export function varintField(number: number, value: number): Buffer {
  return Buffer.concat([varint(number * 8), varint(value)]);
}

function varint(value: number): Buffer {
  const bytes: number[] = [];
  let rest = value;
  while (rest >= 0x80) {
    bytes.push((rest % 0x80) | 0x80);
    rest = Math.floor(rest / 0x80);
  }
  bytes.push(rest);
  return Buffer.from(bytes);
}
