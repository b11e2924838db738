import { compareVersions } from "../../projection/versions.ts";

/** The one counter that all versions of a state directory come from. */
export class Versions {
  #last = "0";

  get last(): string {
    return this.#last;
  }

  /** A version that was given before a restart: later ones are higher. */
  seen(version: string): void {
    if (compareVersions(version, this.#last) > 0) this.#last = version;
  }

  next(): string {
    this.#last = String(BigInt(this.#last) + 1n);
    return this.#last;
  }
}
