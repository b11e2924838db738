/** One line of captured requests: its text, or why it has none. */
export type Line =
  | { readonly number: number; readonly ok: true; readonly text: string }
  | { readonly number: number; readonly ok: false; readonly problem: string };

/** A request of the largest body that Envoy is set to buffer (16 MiB) takes 22 MiB in base64. */
const MAX_LINE_BYTES = 67_108_864;
const [LF, CR] = [0x0a, 0x0d];

/**
 * The lines of a stream of bytes that are not blank, with their numbers from 1. Lines end in LF or CRLF and nothing else:
 * Node's readline also ends them at U+2028, which JSON texts may hold. A line that is too long is skipped, never held.
 */
export async function* linesOf(
  input: AsyncIterable<Buffer>,
  maxBytes: number = MAX_LINE_BYTES,
): AsyncGenerator<Line> {
  const splitter = new Splitter(maxBytes);
  for await (const chunk of input) yield* splitter.take(chunk);
  yield* splitter.end();
}

class Splitter {
  readonly #maxBytes: number;
  readonly #decoder = new TextDecoder("utf-8", { fatal: true });
  #pieces: Buffer[] = [];
  #size = 0;
  #number = 1;

  constructor(maxBytes: number) {
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
    const bytes = Buffer.concat(this.#pieces);
    const text = bytes.at(-1) === CR ? bytes.subarray(0, -1) : bytes;
    try {
      return { number, ok: true, text: this.#decoder.decode(text) };
    } catch {
      return { number, ok: false, problem: "is not UTF-8" };
    }
  }
}
