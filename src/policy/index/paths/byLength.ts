import type { StepCounter } from "./steps.ts";

/**
 * Values by texts. Finds all texts that a path begins or ends with, by one look-up for each distinct length: the cost depends
 * on the path's length and the lengths of the texts, not on their number. A look-up takes as many steps as it reads
 * characters, and one more; there are no more look-ups once the steps are spent.
 */
export class ByLength<Value> {
  readonly #values = new Map<string, Value>();
  readonly #counts = new Map<number, number>();
  #lengths: readonly number[] = [];

  get size(): number {
    return this.#values.size;
  }

  /** The distinct lengths of the texts, the longest first. */
  get lengths(): readonly number[] {
    return this.#lengths;
  }

  get(text: string): Value | undefined {
    return this.#values.get(text);
  }

  add(text: string, value: Value): Value {
    this.#values.set(text, value);
    const count = (this.#counts.get(text.length) ?? 0) + 1;
    this.#counts.set(text.length, count);
    if (count === 1) this.#sortLengths();
    return value;
  }

  delete(text: string): void {
    if (!this.#values.delete(text)) return;
    const count = (this.#counts.get(text.length) ?? 1) - 1;
    if (count > 0) this.#counts.set(text.length, count);
    else this.#counts.delete(text.length);
    if (count === 0) this.#sortLengths();
  }

  /** The first result of `visit` for the texts that the path begins with, the longest first. */
  firstOfStarts<Result>(
    path: string,
    steps: StepCounter,
    visit: (value: Value, length: number) => Result | undefined,
  ): Result | undefined {
    return this.#first(path.length, steps, (length) => path.slice(0, length), visit);
  }

  /** The same for the texts that the path ends with. */
  firstOfEnds<Result>(
    path: string,
    steps: StepCounter,
    visit: (value: Value, length: number) => Result | undefined,
  ): Result | undefined {
    return this.#first(path.length, steps, (length) => path.slice(path.length - length), visit);
  }

  #first<Result>(
    longest: number,
    steps: StepCounter,
    cut: (length: number) => string,
    visit: (value: Value, length: number) => Result | undefined,
  ): Result | undefined {
    for (const length of this.#lengths) {
      if (length > longest) continue;
      if (steps.isSpent) return undefined;
      steps.take(length + 1);
      const value = this.#values.get(cut(length));
      const result = value === undefined ? undefined : visit(value, length);
      if (result !== undefined) return result;
    }
    return undefined;
  }

  #sortLengths(): void {
    this.#lengths = [...this.#counts.keys()].sort((a, b) => b - a);
  }
}
