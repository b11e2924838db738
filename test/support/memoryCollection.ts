import type { HttpRoute } from "../../src/api/httpRoute.ts";
import type { Collection, RouteCollection } from "../../src/store/store.ts";

/**
 * What is true, and what a cache shows of it. The cache follows at once, or where `held` is set only on `deliver`, event by
 * event. Objects that do not pass the filter are true, but never shown.
 */
export class MemoryCollection<T> implements Collection<T> {
  held = false;
  readonly #truth = new Map<string, T>();
  readonly #shown = new Map<string, T>();
  readonly #isShown: (item: T) => boolean;
  readonly #listeners = new Set<(key: string) => void>();
  #events: (readonly [string, T | undefined])[] = [];

  constructor(isShown: (item: T) => boolean = () => true) {
    this.#isShown = isShown;
  }

  get(key: string): T | undefined {
    return this.#shown.get(key);
  }

  values(): IterableIterator<T> {
    return this.#shown.values();
  }

  get size(): number {
    return this.#shown.size;
  }

  subscribe(listener: (key: string) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  truth(key: string): T | undefined {
    return this.#truth.get(key);
  }

  all(): IterableIterator<[string, T]> {
    return this.#truth.entries();
  }

  put(key: string, item: T | undefined): void {
    if (item === undefined) this.#truth.delete(key);
    else this.#truth.set(key, item);
    this.#events.push([key, item]);
    if (!this.held) this.deliver();
  }

  /** Lets the cache catch up by so many events. */
  deliver(count = this.#events.length): void {
    for (const [key, item] of this.#events.splice(0, count)) {
      if (item !== undefined && this.#isShown(item)) this.#shown.set(key, item);
      else if (!this.#shown.delete(key)) continue;
      for (const listener of [...this.#listeners]) listener(key);
    }
  }
}

/** HTTPRoutes of a cluster with Gateway API, until a test changes them. */
export class MemoryRoutes extends MemoryCollection<HttpRoute> implements RouteCollection {
  isServed = true;
}
