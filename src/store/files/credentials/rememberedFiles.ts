import { isRecord, list, parseJson, text } from "../../../base/json.ts";
import type { StateDirectory } from "../state/stateDirectory.ts";

/** The folder of the records, one for each namespace. */
const FOLDER = "credentials";

/** What a credentials file had when a process ended. */
export interface RememberedFile {
  /** As of stampOf: a file with this stamp has not changed. */
  readonly stamp: string;
  /** As of digestOf. */
  readonly digest: string;
  /** The manifest in the file, as manifestOf returns it. */
  readonly manifest: unknown;
}

/**
 * The credentials files in the state directory, so that the next start need not read and parse those that have not changed. They are
 * written when a process ends in order; after a crash the files count. The records count for the program that wrote them alone, and
 * whatever is unusual about one, the files are read as if it did not exist. `state.db` has the same key pairs in the projections.
 */
export class RememberedFiles {
  readonly #state: StateDirectory;
  readonly #program: string;

  /** `program` identifies this build and the version of Node. */
  constructor(state: StateDirectory, program: string) {
    this.#state = state;
    this.#program = program;
  }

  /** All that is remembered, by key, which is namespace/name. Throws StateDirectoryProblem if the records cannot be read. */
  recall(): ReadonlyMap<string, RememberedFile> {
    const found = new Map<string, RememberedFile>();
    const head = `${this.#program}\n`;
    for (const [namespace, record] of this.#state.records(FOLDER)) {
      if (!record.startsWith(head)) continue;
      for (const entry of list(parseJson(record.slice(head.length)))) {
        const [name, stamp, digest, manifest] = list(entry);
        const isWhole = [name, stamp, digest].every((one) => text(one) !== "") && isRecord(manifest);
        if (isWhole)
          found.set(`${namespace}/${name}`, { stamp: text(stamp), digest: text(digest), manifest });
      }
    }
    return found;
  }

  /** Replaces what is remembered of a namespace by these files, by name. Durable with the next commit. */
  remember(namespace: string, files: ReadonlyMap<string, RememberedFile>): void {
    const entries = [...files].map(([name, { stamp, digest, manifest }]) => [name, stamp, digest, manifest]);
    if (entries.length === 0) this.#state.remove(`${FOLDER}/${namespace}`);
    else this.#state.write(`${FOLDER}/${namespace}`, `${this.#program}\n${JSON.stringify(entries)}`);
  }
}
