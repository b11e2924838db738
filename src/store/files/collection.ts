import { oneCopy } from "../../base/oneCopy.ts";
import type { Collection } from "../store.ts";

/** The objects of one kind. Only this process changes them. */
export class FilesCollection<T> implements Collection<T> {
  readonly #items = new Map<string, T>();
  readonly #listeners = new Set<(key: string) => void>();

  get size(): number {
    return this.#items.size;
  }

  get(key: string): T | undefined {
    return this.#items.get(key);
  }

  values(): IterableIterator<T> {
    return this.#items.values();
  }

  keys(): IterableIterator<string> {
    return this.#items.keys();
  }

  subscribe(listener: (key: string) => void): () => void {
    const entry = (key: string) => listener(key);
    this.#listeners.add(entry);
    return () => this.#listeners.delete(entry);
  }

  /** Replaces an item by an equal one, which is no change. */
  swap(key: string, item: T): void {
    this.#items.set(key, item);
  }

  /** Undefined removes it. */
  put(key: string, item: T | undefined): void {
    if (item === undefined && !this.#items.has(key)) return;
    if (item === undefined) this.#items.delete(key);
    else this.#items.set(oneCopy(key), item);
    for (const listener of [...this.#listeners]) listener(key);
  }
}
