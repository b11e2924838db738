import type { Path } from "./problem.ts";

/**
 * The parts of an object whose structure is wrong, so that CEL rules that read them cannot be evaluated. The API server runs no
 * rule of an object with such a problem; here only the rules that read the wrong part are skipped.
 */
export class UnsoundPaths {
  readonly #wrong = new Set<string>();
  readonly #around = new Set<string>();

  constructor(paths: Iterable<Path>) {
    for (const path of paths) {
      this.#wrong.add(keyOf(path));
      for (let length = 0; length <= path.length; length++) this.#around.add(keyOf(path.slice(0, length)));
    }
  }

  get isEmpty(): boolean {
    return this.#wrong.size === 0;
  }

  /** Whether the value at the path is wrong itself, such as a text in place of a list. */
  isWrong(path: Path): boolean {
    return this.#wrong.has(keyOf(path));
  }

  /** Whether the value at the path, or something in it, is wrong. */
  isUnsound(path: Path): boolean {
    return this.#around.has(keyOf(path));
  }
}

function keyOf(path: Path): string {
  return JSON.stringify(path.map(String));
}
