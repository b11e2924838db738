const NONE: ReadonlySet<string> = new Set();

/** Sets of words by key; a key without words takes no room. */
export class MultiMap {
  readonly #sets = new Map<string, Set<string>>();

  add(key: string, word: string): void {
    const set = this.#sets.get(key);
    if (set) set.add(word);
    else this.#sets.set(key, new Set([word]));
  }

  delete(key: string, word: string): void {
    const set = this.#sets.get(key);
    set?.delete(word);
    if (set?.size === 0) this.#sets.delete(key);
  }

  /** Everything under the key; empties it. */
  take(key: string): ReadonlySet<string> {
    const set = this.#sets.get(key) ?? NONE;
    this.#sets.delete(key);
    return set;
  }

  get(key: string): ReadonlySet<string> {
    return this.#sets.get(key) ?? NONE;
  }
}
