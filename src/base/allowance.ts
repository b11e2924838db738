/** Lets so many events a second through, and up to that many at once. `now` is in milliseconds of any clock. */
export class Allowance {
  readonly #perSecond: number;
  #left: number;
  #at = 0;

  constructor(perSecond: number) {
    this.#perSecond = perSecond;
    this.#left = perSecond;
  }

  take(now: number): boolean {
    const passed = Math.max(0, now - this.#at) / 1_000;
    this.#left = Math.min(this.#perSecond, this.#left + passed * this.#perSecond);
    this.#at = Math.max(now, this.#at);
    if (this.#left < 1) return false;
    this.#left -= 1;
    return true;
  }
}
