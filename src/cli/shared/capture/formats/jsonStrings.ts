const [QUOTE, BACKSLASH] = [0x22, 0x5c];

/** Finds the ends of JSON strings in chunks of bytes. */
export class JsonStrings {
  /** Whether a string has begun and not ended. */
  isOpen = false;
  /** Whether the next byte is escaped by a backslash at the end of the chunk before. */
  #isEscaped = false;

  /** The place behind the closing quotation mark of the string whose content continues here; the chunk's length if it does not end there. */
  skip(chunk: Buffer, start: number): number {
    this.isOpen = true;
    let from = start;
    if (this.#isEscaped && from < chunk.length) {
      this.#isEscaped = false;
      from += 1;
    }
    for (;;) {
      const quote = chunk.indexOf(QUOTE, from);
      const end = quote < 0 ? chunk.length : quote;
      const isEscaped = hasOddBackslashes(chunk, from, end);
      if (quote < 0) {
        this.#isEscaped = this.#isEscaped || isEscaped;
        return chunk.length;
      }
      if (!isEscaped) {
        this.isOpen = false;
        return quote + 1;
      }
      from = quote + 1;
    }
  }
}

/** Whether an odd number of backslashes stands before `end`; those before `from` do not count. */
function hasOddBackslashes(chunk: Buffer, from: number, end: number): boolean {
  let at = end;
  while (at > from && chunk[at - 1] === BACKSLASH) at -= 1;
  return (end - at) % 2 === 1;
}
