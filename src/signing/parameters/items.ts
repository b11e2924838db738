import { hexDigit } from "./hexDigit.ts";

/** Bytes and cuts of a usual request. Each list is done with before the next is made. */
const SCRATCH = { bytes: Buffer.alloc(65_536), cuts: new Int32Array(3 * 1_024) };

const AMPERSAND = 0x26;
const BLANK = 0x20;
const PERCENT = 0x25;

/** What a byte is that is not plain, as bits, so that several can be noted. */
const KIND = { delimiter: 1, equals: 2, percent: 4, plus: 8 } as const;
/** Noted beside the kinds: that anything was decoded. */
const DECODED = 16;

const SENT_KINDS = kinds({ "&": KIND.delimiter, "=": KIND.equals });
const DECODED_KINDS = kinds({
  "&": KIND.delimiter,
  "=": KIND.equals,
  "%": KIND.percent,
  "+": KIND.plus,
});

function kinds(special: Readonly<Record<string, number>>): Uint8Array {
  const table = new Uint8Array(256);
  for (const [character, kind] of Object.entries(special)) table[character.charCodeAt(0)] = kind;
  return table;
}

/** For each byte its value as the first and as the second of two hexadecimal digits; negative for any other. */
const HIGH = Int16Array.from({ length: 256 }, (_, code) => digitOf(code) * 16);
const LOW = Int16Array.from({ length: 256 }, (_, code) => digitOf(code));

function digitOf(code: number): number {
  const digit = hexDigit(code);
  return Number.isNaN(digit) ? -1 : digit;
}

/**
 * The items of a query and a form as bytes, with three numbers for each item: no object and no text for each of a thousand, which
 * an attacker may send. Empty items (`&&`) are left out. Only one list is in use at a time: the next one takes over its memory.
 */
export class Items {
  /** The items one behind the other, decoded where that was asked for, each with its first `=`. */
  readonly bytes: Buffer;
  /** For each item where it begins, where its name ends, and where it ends, which is the same for one without `=`. */
  cuts = SCRATCH.cuts;
  count = 0;
  /** How many bytes there are. */
  length = 0;
  /** Kinds of bytes that escapes stood for, and whether there were any. */
  #noted = 0;
  #readsAsEncoded = false;

  /** For texts of so many bytes in all. */
  constructor(bytes: number) {
    // One more, for the delimiter that #add() puts behind a text.
    this.bytes = bytes >= SCRATCH.bytes.length ? Buffer.allocUnsafe(bytes + 1) : SCRATCH.bytes;
  }

  /** Whether decoding changed anything. */
  get hasEscapes(): boolean {
    return this.#noted !== 0;
  }

  /** A delimiter that decoding brought: the items would also be those of another request. */
  get hidesDelimiter(): boolean {
    return (this.#noted & (KIND.delimiter | KIND.equals)) !== 0;
  }

  /** Whether decoded text itself reads as encoded. */
  get readsAsEncoded(): boolean {
    return this.#readsAsEncoded || (this.#noted & KIND.plus) !== 0;
  }

  /** Adds the items of a text, as they were sent. */
  addSent(text: string): void {
    this.#add(text, SENT_KINDS);
  }

  /** Adds the items of a text, decoded: `+` is a blank, `%41` is `A`. False if an escape is malformed, which leaves the list of no use. */
  addDecoded(text: string): boolean {
    const first = this.count;
    if (!this.#add(text, DECODED_KINDS)) return false;
    if ((this.#noted & KIND.percent) !== 0) this.#readsAsEncoded ||= this.#hasEscape(first);
    return true;
  }

  /** One pass, in which the bytes move to the front: decoded ones are never more than sent ones. */
  #add(text: string, kinds: Uint8Array): boolean {
    const { bytes } = this;
    let { cuts, count, length: at } = this;
    let [start, end, equals, noted] = [at, at, -1, 0];
    const last = at + bytes.write(text, at, "latin1");
    bytes[last] = AMPERSAND;
    while (at <= last) {
      let byte = bytes[at++] as number;
      for (; kinds[byte] === 0; byte = bytes[at++] as number) bytes[end++] = byte;
      const kind = kinds[byte] as number;
      if (kind === KIND.percent) {
        const value = (HIGH[bytes[at] as number] as number) | (LOW[bytes[at + 1] as number] as number);
        if (value < 0) return false;
        at += 2;
        bytes[end++] = value;
        noted |= DECODED | noteworthy(value, equals);
      } else if (kind === KIND.delimiter) {
        if (end > start) {
          if (count * 3 === cuts.length) cuts = grown(cuts);
          cuts[count * 3] = start;
          cuts[count * 3 + 1] = equals < 0 ? end : equals;
          cuts[count * 3 + 2] = end;
          count += 1;
        }
        start = end;
        equals = -1;
      } else if (kind === KIND.equals) {
        if (equals < 0) equals = end;
        bytes[end++] = byte;
      } else {
        bytes[end++] = BLANK;
        noted |= DECODED;
      }
    }
    this.cuts = cuts;
    this.count = count;
    this.length = end;
    this.#noted |= noted;
    return true;
  }

  /** Whether a name or a value from this item on holds `%` and two hexadecimal digits. */
  #hasEscape(first: number): boolean {
    const { bytes, cuts, count } = this;
    for (let item = first; item < count; item += 1) {
      const end = cuts[item * 3 + 2] ?? 0;
      for (let at = cuts[item * 3] ?? 0; at + 2 < end; at += 1)
        if (bytes[at] === PERCENT && isEscape(bytes, at)) return true;
    }
    return false;
  }
}

/** The kind of a byte that an escape stood for, where it is special: `=` is not behind the first one of its item. */
function noteworthy(value: number, equals: number): number {
  const kind = DECODED_KINDS[value] as number;
  return kind === KIND.equals && equals >= 0 ? 0 : kind;
}

function isEscape(bytes: Buffer, at: number): boolean {
  return ((HIGH[bytes[at + 1] as number] as number) | (LOW[bytes[at + 2] as number] as number)) >= 0;
}

function grown(cuts: Int32Array<ArrayBuffer>): Int32Array<ArrayBuffer> {
  const more = new Int32Array(cuts.length * 2);
  more.set(cuts);
  return more;
}
