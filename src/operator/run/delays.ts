interface Delay {
  readonly key: string;
  readonly due: number;
}

/** Keys with due times, as a heap. If a key is set several times, the earliest time counts. */
export class Delays {
  readonly #heap: Delay[] = [];
  readonly #due = new Map<string, number>();

  set(key: string, due: number): void {
    const before = this.#due.get(key);
    if (before !== undefined && before <= due) return;
    this.#due.set(key, due);
    this.#push({ key, due });
  }

  clear(key: string): void {
    this.#due.delete(key);
  }

  /** The earliest due time. */
  next(): number | undefined {
    for (let top = this.#heap[0]; top; top = this.#heap[0]) {
      if (this.#due.get(top.key) === top.due) return top.due;
      this.#pop();
    }
    return undefined;
  }

  /** Removes and returns a key that is due; undefined if none is. */
  take(now: number): string | undefined {
    const next = this.next();
    if (next === undefined || next > now) return undefined;
    const key = this.#heap[0]?.key;
    this.#pop();
    if (key !== undefined) this.#due.delete(key);
    return key;
  }

  #push(delay: Delay): void {
    let at = this.#heap.push(delay) - 1;
    while (at > 0 && this.#dueAt((at - 1) >> 1) > delay.due) {
      this.#swap(at, (at - 1) >> 1);
      at = (at - 1) >> 1;
    }
  }

  #pop(): void {
    const last = this.#heap.pop();
    if (!last || this.#heap.length === 0) return;
    this.#heap[0] = last;
    for (let at = 0; ; ) {
      const [left, right] = [2 * at + 1, 2 * at + 2];
      const least = this.#dueAt(right) < this.#dueAt(left) ? right : left;
      if (this.#dueAt(least) >= this.#dueAt(at)) return;
      this.#swap(at, least);
      at = least;
    }
  }

  #dueAt(index: number): number {
    return this.#heap[index]?.due ?? Number.POSITIVE_INFINITY;
  }

  #swap(a: number, b: number): void {
    const [one, other] = [this.#heap[a], this.#heap[b]];
    if (one && other) [this.#heap[a], this.#heap[b]] = [other, one];
  }
}
