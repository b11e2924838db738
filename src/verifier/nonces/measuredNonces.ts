import type { NonceResult } from "../../api/vocabulary.ts";
import type { Clock } from "../../base/clock.ts";
import type { NonceClaim, NonceStore } from "./nonceStore.ts";

/** A store whose claims are measured. */
export class MeasuredNonces implements NonceStore {
  readonly #store: NonceStore;
  readonly #clock: Pick<Clock, "monotonic">;
  readonly #observe: (seconds: number) => void;

  constructor(store: NonceStore, clock: Pick<Clock, "monotonic">, observe: (seconds: number) => void) {
    this.#store = store;
    this.#clock = clock;
    this.#observe = observe;
  }

  get kind(): NonceStore["kind"] {
    return this.#store.kind;
  }

  start(): void {
    this.#store.start();
  }

  isAvailable(): boolean {
    return this.#store.isAvailable();
  }

  claim(claim: NonceClaim): NonceResult | Promise<NonceResult> {
    const began = this.#clock.monotonic();
    const result = this.#store.claim(claim);
    if (result instanceof Promise) return result.then((late) => this.#noted(late, began));
    return this.#noted(result, began);
  }

  close(): Promise<void> {
    return this.#store.close();
  }

  #noted(result: NonceResult, began: number): NonceResult {
    this.#observe((this.#clock.monotonic() - began) / 1_000);
    return result;
  }
}
