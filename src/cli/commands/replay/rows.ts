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

  /** Returns what to wait for, if there is anything: a slow reader must not make a long file be held in memory. */
  add(result: Result): Promise<void> | undefined {
    this.#pending += `${JSON.stringify(rowOf(result))}\n`;
    return this.#pending.length > PIECE ? this.flush() : undefined;
  }

  async flush(): Promise<void> {
    const text = this.#pending;
    this.#pending = "";
    if (text !== "") await this.#write(text);
  }
}
