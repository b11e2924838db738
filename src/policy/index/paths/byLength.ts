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
  /** While there is one text, as at most hosts: it, and its value, without a look-up. See PathGrants. */
  #only: string | undefined;
  #valueOfOnly: Value | undefined;

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

  /** The value of the text of this length that the path begins with; the path is at least as long. */
  getStart(path: string, length: number): Value | undefined {
    if (this.#only === undefined) return this.#values.get(path.slice(0, length));
    return length === this.#only.length && path.startsWith(this.#only) ? this.#valueOfOnly : undefined;
  }

  add(text: string, value: Value): Value {
    this.#values.set(text, value);
    const count = (this.#counts.get(text.length) ?? 0) + 1;
    this.#counts.set(text.length, count);
    if (count === 1) this.#sortLengths();
    this.#noteOnly();
    return value;
  }

  delete(text: string): void {
    if (!this.#values.delete(text)) return;
    const count = (this.#counts.get(text.length) ?? 1) - 1;
    if (count > 0) this.#counts.set(text.length, count);
    else this.#counts.delete(text.length);
    if (count === 0) this.#sortLengths();
    this.#noteOnly();
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

  #noteOnly(): void {
    this.#only = undefined;
    this.#valueOfOnly = undefined;
    if (this.#values.size !== 1) return;
    for (const [text, value] of this.#values) {
      this.#only = text;
      this.#valueOfOnly = value;
    }
  }

  #sortLengths(): void {
    this.#lengths = [...this.#counts.keys()].sort((a, b) => b - a);
  }
}
