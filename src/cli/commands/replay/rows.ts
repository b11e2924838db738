import { type Result, rowOf } from "./result.ts";

/** Rows are written in pieces of this many characters: a write for each takes longer than the decision. */
const PIECE = 65_536;

/** Writes a JSON line for each result. */
export class Rows {
  readonly #write: (text: string) => Promise<void>;
  #pending = "";

  constructor(write: (text: string) => Promise<void>) {
    this.#write = write;
  }

  /** Waits for a slow reader, so that a long file is never held in memory. */
  async add(result: Result): Promise<void> {
    this.#pending += `${JSON.stringify(rowOf(result))}\n`;
    if (this.#pending.length > PIECE) await this.flush();
  }

  async flush(): Promise<void> {
    const text = this.#pending;
    this.#pending = "";
    if (text !== "") await this.#write(text);
  }
}
