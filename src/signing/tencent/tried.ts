/** Strings that were tried. The first is kept apart: a set would hash all of it, and most requests come to no second one. */
export class Tried {
  #first: string | undefined;
  readonly #others = new Set<string>();

  get size(): number {
    return this.#first === undefined ? 0 : 1 + this.#others.size;
  }

  /** Whether the string is a new one. */
  add(text: string): boolean {
    if (this.#first === undefined) this.#first = text;
    else if (text === this.#first || this.#others.has(text)) return false;
    else this.#others.add(text);
    return true;
  }
}
