/** An object with more keys is no response of the vendor's. */
const MAX_KEYS = 20_000;

/** The keys of the objects that a scanner has open, by their places in the bytes: it finds a key that an object has twice. */
export class KeysInOrder {
  readonly #bytes: Uint8Array;
  /** For each open object: where its keys begin in the two lists below. */
  readonly #bases: number[] = [];
  readonly #hashes: number[] = [];
  readonly #starts: number[] = [];

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  open(): void {
    this.#bases.push(this.#hashes.length);
  }

  close(): void {
    const base = this.#bases.pop() ?? 0;
    this.#hashes.length = base;
    this.#starts.length = base;
  }

  /** Adds a key of the innermost object, with its quotes. Returns what is wrong with it. */
  add(start: number, end: number): string | undefined {
    let hash = 0x811c9dc5;
    for (let at = start; at < end; at += 1) hash = Math.imul(hash ^ (this.#bytes[at] ?? 0), 0x01000193);
    const base = this.#bases.at(-1) ?? 0;
    for (let one = base; one < this.#hashes.length; one += 1)
      if (this.#hashes[one] === hash && this.#isSame(this.#starts[one] ?? 0, start, end))
        return "has the same key twice in one object: it is not what a tool wrote";
    this.#hashes.push(hash);
    this.#starts.push(start);
    const isTooMany = this.#hashes.length - base > MAX_KEYS;
    return isTooMany ? `has an object with more than ${MAX_KEYS} keys` : undefined;
  }

  #isSame(other: number, start: number, end: number): boolean {
    for (let at = start; at < end; at += 1)
      if (this.#bytes[other + at - start] !== this.#bytes[at]) return false;
    return true;
  }
}
