import { randomUUID } from "node:crypto";
import { oneCopy } from "../../base/oneCopy.ts";
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

/** The UID of a new object. Node joins it from twelve parts, which would stay in memory: 500 bytes for each. */
export function newUid(): string {
  return oneCopy(randomUUID());
}
