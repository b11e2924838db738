import type { Captured } from "../captured.ts";
import { readCapture } from "./jsonLine.ts";
import { type Line, LineSplitter } from "./lines.ts";

/** Reads a file of one captured request per line from its chunks. */
export class JsonLineFile {
  readonly #file: string;
  readonly #lines = new LineSplitter();

  constructor(file: string) {
    this.#file = file;
  }

  *take(chunk: Buffer): Generator<Captured> {
    for (const line of this.#lines.take(chunk)) yield this.#captured(line);
  }

  *end(): Generator<Captured> {
    for (const line of this.#lines.end()) yield this.#captured(line);
  }

  #captured(line: Line): Captured {
    const place = { file: this.#file, line: line.number };
    if (!line.ok) return { ok: false, place, id: line.number, problem: line.problem };
    const { id = line.number, ...read } = readCapture(line.text);
    return read.ok ? { ...read, place, id, gaps: {} } : { ...read, place, id };
  }
}
