import { MAX_REQUEST_BYTES, utf8Of } from "./requestText.ts";

/** One line of captured requests: its text, or why it has none. */
export type Line =
  | { readonly number: number; readonly ok: true; readonly text: string }
  | { readonly number: number; readonly ok: false; readonly problem: string };

const [LF, CR] = [0x0a, 0x0d];

/**
 * Splits chunks of bytes into the lines that are not blank, with their numbers from 1. Lines end in LF or CRLF and nothing else: Node's
 * readline also ends them at U+2028, which JSON texts may hold. A line that is too long is skipped, never held.
 */
export class LineSplitter {
  readonly #maxBytes: number;
  #pieces: Buffer[] = [];
  #size = 0;
  #number = 1;

  constructor(maxBytes: number = MAX_REQUEST_BYTES) {
    this.#maxBytes = maxBytes;
  }

  *take(chunk: Buffer): Generator<Line> {
    let from = 0;
    for (let at = chunk.indexOf(LF); at >= 0; at = chunk.indexOf(LF, from)) {
      this.#keep(chunk.subarray(from, at));
      yield* this.end();
      from = at + 1;
    }
    this.#keep(chunk.subarray(from));
  }

  /** The line so far, which is not blank; then a new one begins. */
  *end(): Generator<Line> {
    const line = this.#line(this.#number);
    this.#pieces = [];
    this.#size = 0;
    this.#number += 1;
    if (!line.ok || line.text.trim() !== "") yield line;
  }

  #keep(piece: Buffer): void {
    this.#size += piece.length;
    if (this.#size > this.#maxBytes) this.#pieces = [];
    else this.#pieces.push(piece);
  }

  #line(number: number): Line {
    if (this.#size > this.#maxBytes)
      return { number, ok: false, problem: `is longer than ${this.#maxBytes} bytes` };
    const [only] = this.#pieces;
    const bytes = this.#pieces.length === 1 && only ? only : Buffer.concat(this.#pieces);
    const text = utf8Of(bytes.at(-1) === CR ? bytes.subarray(0, -1) : bytes);
    return text === undefined ? { number, ok: false, problem: "is not UTF-8" } : { number, ok: true, text };
  }
}
