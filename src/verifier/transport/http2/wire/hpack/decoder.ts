import { ConnectionError, ERROR } from "../frames.ts";
import { HeaderBlock } from "./headerBlock.ts";
import { Header, HeaderTable, TABLE_BYTES } from "./headerTable.ts";
import { huffmanText } from "./huffman.ts";

/** Blocks up to this long are remembered; bytes. */
const REMEMBERED_BYTES = 256;

/** Reads the header blocks of one connection, in their order: RFC 7541. */
export class HpackDecoder {
  readonly #table = new HeaderTable();
  readonly #maxBytes: number;
  #bytes: Buffer = Buffer.alloc(0);
  #at = 0;
  #end = 0;
  /**
   * The last block, if reading it again would give the same: a proxy sends most Checks with equal headers. Undefined after a change of
   * the table, since the numbers in it mean something else then.
   */
  #last: { readonly bytes: Buffer; readonly block: HeaderBlock } | undefined;
  #hasChanged = false;

  /** `maxBytes` of one block of headers, in HPACK's count. */
  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  /** The block from `start` to `end`. Throws ConnectionError if it is malformed: what follows cannot be read without it. */
  decode(bytes: Buffer, start: number, end: number): HeaderBlock {
    if (this.#last && isSame(this.#last.bytes, bytes, start, end)) return this.#last.block;
    this.#bytes = bytes;
    this.#at = start;
    this.#end = end;
    this.#hasChanged = false;
    const block = new HeaderBlock(this.#maxBytes);
    this.#resize();
    while (this.#at < end) block.add(this.#header());
    this.#remember(block, start);
    this.#bytes = NONE;
    return block;
  }

  #remember(block: HeaderBlock, start: number): void {
    if (this.#hasChanged) this.#last = undefined;
    else if (this.#end - start <= REMEMBERED_BYTES)
      this.#last = { bytes: Buffer.from(this.#bytes.subarray(start, this.#end)), block };
  }

  /** Changes of the table's size, which are written before the first header. */
  #resize(): void {
    while (this.#at < this.#end && (this.#byte() & 0xe0) === 0x20) {
      const bytes = this.#integer(5);
      if (bytes > TABLE_BYTES) throw malformed("the header table is too large");
      this.#table.resize(bytes);
      this.#hasChanged = true;
    }
  }

  #header(): Header {
    const first = this.#byte();
    if (first & 0x80) return this.#known(this.#integer(7));
    if ((first & 0xe0) === 0x20) throw malformed("the header table changes its size after a header");
    const isIndexed = (first & 0x40) !== 0;
    const header = this.#literal(this.#integer(isIndexed ? 6 : 4));
    if (isIndexed) {
      this.#table.add(header);
      this.#hasChanged = true;
    }
    return header;
  }

  #literal(index: number): Header {
    const name = index === 0 ? this.#text() : this.#known(index);
    return new Header(name, this.#text());
  }

  #known(index: number): Header {
    const header = this.#table.get(index);
    if (!header) throw malformed("it refers to a header that there is not");
    return header;
  }

  #text(): string {
    const isHuffman = (this.#byte() & 0x80) !== 0;
    const length = this.#integer(7);
    const start = this.#at;
    this.#at += length;
    if (this.#at > this.#end) throw malformed("it ends within a text");
    if (!isHuffman) return this.#bytes.toString("latin1", start, this.#at);
    const text = huffmanText(this.#bytes, start, this.#at);
    if (text === undefined) throw malformed("a text is not encoded properly");
    return text;
  }

  /** An integer whose first byte has so many bits of it; at most four more bytes. */
  #integer(bits: number): number {
    const max = 2 ** bits - 1;
    let value = this.#byte() & max;
    this.#at++;
    if (value < max) return value;
    for (let shift = 0; shift <= 21; shift += 7) {
      const byte = this.#byte();
      this.#at++;
      value += (byte & 0x7f) * 2 ** shift;
      if (byte < 0x80) return value;
    }
    throw malformed("a number is too large");
  }

  /** The next byte, which stays the next one. */
  #byte(): number {
    if (this.#at >= this.#end) throw malformed("it ends too early");
    return this.#bytes[this.#at] as number;
  }
}

const NONE = Buffer.alloc(0);

function isSame(known: Buffer, bytes: Buffer, start: number, end: number): boolean {
  if (known.length !== end - start) return false;
  for (let at = 0; at < known.length; at++) if (known[at] !== bytes[start + at]) return false;
  return true;
}

function malformed(why: string): ConnectionError {
  return new ConnectionError(ERROR.compression, `a header block cannot be read: ${why}`);
}
