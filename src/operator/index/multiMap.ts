import { oneCopy } from "../../base/oneCopy.ts";

const NONE: readonly string[] = [];

/**
 * A set of strings for each key. A key with an empty set is removed. Most sets have one string, which is kept without a Set: a Set
 * takes 240 bytes (Node 24), and the operator has seven for each Application.
 */
export class MultiMap {
  readonly #sets = new Map<string, string | Set<string>>();

  add(key: string, value: string): void {
    const found = this.#sets.get(key);
    if (found === undefined) this.#sets.set(oneCopy(key), oneCopy(value));
    else if (typeof found !== "string") found.add(oneCopy(value));
    else if (found !== value) this.#sets.set(key, new Set([found, oneCopy(value)]));
  }

  delete(key: string, value: string): void {
    const found = this.#sets.get(key);
    if (found === value) this.#sets.delete(key);
    if (found === undefined || typeof found === "string") return;
    found.delete(value);
    if (found.size === 0) this.#sets.delete(key);
  }

  /** Returns the key's set, and removes it. */
  take(key: string): Iterable<string> {
    const set = this.get(key);
    this.#sets.delete(key);
    return set;
  }

  get(key: string): Iterable<string> {
    const found = this.#sets.get(key);
    if (found === undefined) return NONE;
    return typeof found === "string" ? [found] : found;
  }
}
