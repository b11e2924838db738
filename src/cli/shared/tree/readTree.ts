import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { setImmediate } from "node:timers/promises";
import { errorCode } from "../../../base/errorCode.ts";
import { type Read, readObject } from "../../../store/files/declared.ts";
import type { FileObject, FileProblem } from "../../../store/files/yaml/parsedFile.ts";
import { parseYamlFile } from "../../../store/files/yaml/yamlFile.ts";
import { CliFailure, USAGE } from "../failure.ts";
import { readInput } from "../readInput.ts";
import { interrupted } from "../untilSignal.ts";

/** One object of a file, with the result of its validation. */
export interface TreeObject {
  readonly object: FileObject;
  readonly read: Read;
}

/** All objects of some files and directories, valid or not. */
export interface TreeFiles {
  readonly objects: readonly TreeObject[];
  /** Of files as a whole, such as a syntax error; those of objects are in their results. */
  readonly problems: readonly FileProblem[];
  readonly files: number;
}

/** Reads trees. A text that several trees have, such as the two sides of a change, is parsed and validated once. */
export class TreeReader {
  readonly #signal: AbortSignal;
  readonly #onFile: (files: number) => void;
  readonly #known = new Map<string, TreeFiles>();
  #files = 0;

  /** `onFile` is called with the number of files so far. */
  constructor(signal: AbortSignal, onFile: (files: number) => void = () => {}) {
    this.#signal = signal;
    this.#onFile = onFile;
  }

  /**
   * Reads files, directories with their subdirectories (.yaml, .yml and .json; hidden ones are skipped), and `-`, which is
   * standard input. Throws CliFailure if one cannot be read, or when the signal aborts.
   */
  async read(paths: readonly string[]): Promise<TreeFiles> {
    const found: TreeFiles[] = [];
    for (const path of paths) {
      if (path === "-") found.push(this.#parse("stdin", await readInput("-")));
      else for (const file of filesAt(path)) found.push(await this.#readFile(file));
    }
    return {
      objects: found.flatMap(({ objects }) => objects),
      problems: found.flatMap(({ problems }) => problems),
      files: found.length,
    };
  }

  async #readFile(file: string): Promise<TreeFiles> {
    this.#files += 1;
    this.#onFile(this.#files);
    // Reading is synchronous, which is three times as fast for small files; signals get their turn in between.
    if (this.#files % 256 === 0) await setImmediate();
    if (this.#signal.aborted) throw interrupted(this.#signal);
    const text = orFail(file, () => readFileSync(file, "utf8"));
    if (text.length <= MAX_LENGTH) return this.#parse(file, text);
    const message = `is longer than ${MAX_LENGTH} characters: split it`;
    return { objects: [], problems: [{ file, line: 1, field: "", message }], files: 1 };
  }

  #parse(file: string, text: string): TreeFiles {
    const known = this.#known.get(text);
    if (known) return known;
    const parsed = parseYamlFile(file, text);
    const objects = parsed.objects.map((object) => ({ object, read: readObject(object, () => undefined) }));
    const result = { objects, problems: parsed.problems, files: 1 };
    if (parsed.problems.length === 0 && objects.every(({ read }) => read.kind !== "wrong"))
      this.#known.set(text, result);
    return result;
  }
}

/** A file may hold a whole rendered tree: 100,000 objects or so. */
const MAX_LENGTH = 67_108_864;

/** The files of a path in the order of their names. Those that Kustomize and Helm read themselves are no objects. */
function filesAt(path: string): readonly string[] {
  if (!orFail(path, () => statSync(path)).isDirectory()) return [path];
  const entries = orFail(path, () => readdirSync(path, { withFileTypes: true }));
  return entries
    .filter(({ name }) => !name.startsWith(".") && name !== "node_modules")
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => {
      const full = join(path, entry.name);
      const isFolder = entry.isDirectory() || (entry.isSymbolicLink() && statSync(full).isDirectory());
      if (isFolder) return filesAt(full);
      return /\.(ya?ml|json)$/.test(entry.name) && !IGNORED.test(entry.name) ? [full] : [];
    });
}

const IGNORED = /^(?:kustomization\.ya?ml|Chart\.ya?ml|values.*\.ya?ml|package(?:-lock)?\.json)$/;

function orFail<T>(path: string, act: () => T): T {
  try {
    return act();
  } catch (error) {
    throw new CliFailure(`${path} cannot be read (${errorCode(error)})`, USAGE);
  }
}
