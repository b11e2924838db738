const NONE: ReadonlySet<string> = new Set();

/** A set of strings for each key. A key with an empty set is removed. */
export class MultiMap {
  readonly #sets = new Map<string, Set<string>>();

  add(key: string, value: string): void {
    const set = this.#sets.get(key);
    if (set) set.add(value);
    else this.#sets.set(key, new Set([value]));
  }

  delete(key: string, value: string): void {
    const set = this.#sets.get(key);
    set?.delete(value);
    if (set?.size === 0) this.#sets.delete(key);
  }

  /** Returns the key's set, and removes it. */
  take(key: string): ReadonlySet<string> {
    const set = this.#sets.get(key) ?? NONE;
    this.#sets.delete(key);
    return set;
  }

  get(key: string): ReadonlySet<string> {
    return this.#sets.get(key) ?? NONE;
  }
}
