import type { ConsoleObjects } from "../source.ts";

/** Changes within this time, in milliseconds, are one revision. */
const GATHER_MS = 200;

/** Counts the changes of the objects, so that pages know when to load again. */
export class Revision {
  #number = 0;
  #timer: NodeJS.Timeout | undefined;
  readonly #listeners = new Set<(revision: number) => void>();
  readonly #unsubscribe: readonly (() => void)[];

  constructor({ applications, grants, domains, namespaces, routes }: ConsoleObjects) {
    const changed = () => this.changed();
    this.#unsubscribe = [applications, grants, domains, namespaces, routes].map((one) =>
      one.subscribe(changed),
    );
  }

  get number(): number {
    return this.#number;
  }

  /** Something was changed; listeners are called with the next number shortly. */
  changed(): void {
    this.#number += 1;
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      for (const listener of this.#listeners) listener(this.#number);
    }, GATHER_MS);
  }

  /** Returns a function that unsubscribes. */
  subscribe(listener: (revision: number) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  stop(): void {
    clearTimeout(this.#timer);
    for (const unsubscribe of this.#unsubscribe) unsubscribe();
  }
}
