import { lstat, readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { errorCode } from "../../base/errorCode.ts";
import { type Declared, idOf, type Read, readObject } from "./declared.ts";
import { type FileProblem, MAX_FILE_BYTES, type ParsedFile, parseYamlFile } from "./yamlFile.ts";

/** The present declarations of a directory. */
export interface Declarations {
  /** By id, such as `Application team-shop/mobile-app`. */
  readonly objects: ReadonlyMap<string, Declared>;
  /** Ids of invalid objects: their last valid state stays. */
  readonly kept: ReadonlySet<string>;
  /** Files that cannot be read, or that have an object of unknown identity: everything that they last declared stays. */
  readonly brokenFiles: ReadonlySet<string>;
  readonly problems: readonly FileProblem[];
}

interface Known {
  /** Equal stamps: the file has not changed. "" equals no stamp. */
  readonly stamp: string;
  /** Undefined if it was not read. */
  readonly text: string | undefined;
  readonly parsed: ParsedFile;
}

/** The metadata by which changes of a file are detected. */
type FileTimes = (path: string) => Promise<{
  readonly mtimeMs: number;
  readonly ctimeMs: number;
  readonly size: number;
  readonly ino: number;
}>;

/** File times advance in ticks of some milliseconds (on Linux before 6.13): two edits of equal length within a tick look like one. */
const TICK_MS = 100;

/** Files of this directory, as `kubectl apply -f` reads it: .yaml, .yml and .json, without subdirectories. Hidden files are skipped. */
export class YamlDirectory {
  readonly #path: string;
  readonly #now: () => number;
  readonly #stat: FileTimes;
  #known = new Map<string, Known>();
  #last: Declarations | undefined;

  /** `now` returns epoch milliseconds, by the clock of the file times. */
  constructor(path: string, now: () => number, times: FileTimes = stat) {
    this.#path = path;
    this.#now = now;
    this.#stat = times;
  }

  /** Reads the files that changed since the last call. Returns the same object if none did, or a problem if the directory cannot be read. */
  async read(old: (id: string) => unknown): Promise<Declarations | FileProblem> {
    let names: readonly string[];
    try {
      names = (await readdir(this.#path)).filter((name) => /^[^.].*\.(ya?ml|json)$/.test(name)).sort();
    } catch (error) {
      const message = `the directory cannot be read (${errorCode(error)})`;
      return { file: this.#path, line: 1, field: "", message };
    }
    const known = new Map<string, Known>();
    for (const name of names) {
      const found = await this.#readFile(name);
      if (found) known.set(name, found);
    }
    const isSame =
      known.size === this.#known.size &&
      [...known].every(([name, { parsed }]) => this.#known.get(name)?.parsed === parsed);
    this.#known = known;
    if (!this.#last || !isSame) this.#last = collect(known, old);
    return this.#last;
  }

  /** Undefined if the file was removed after the listing. */
  async #readFile(name: string): Promise<Known | undefined> {
    const path = join(this.#path, name);
    const known = this.#known.get(name);
    try {
      const began = this.#now();
      const { mtimeMs, ctimeMs, size, ino } = await this.#stat(path);
      const stamp = began - ctimeMs < TICK_MS ? "" : `${mtimeMs}.${ctimeMs}.${size}.${ino}`;
      if (stamp !== "" && known?.stamp === stamp) return known;
      if (size > MAX_FILE_BYTES) return unreadable(path, stamp, `is longer than ${MAX_FILE_BYTES} bytes`);
      const text = await readFile(path, "utf8");
      return { stamp, text, parsed: known?.text === text ? known.parsed : parseYamlFile(path, text) };
    } catch (error) {
      const isGone = await lstat(path).then(
        () => false,
        (problem) => errorCode(problem) === "ENOENT",
      );
      return isGone ? undefined : unreadable(path, "", `cannot be read (${errorCode(error)})`);
    }
  }
}

function unreadable(file: string, stamp: string, message: string): Known {
  return {
    stamp,
    text: undefined,
    parsed: { objects: [], problems: [{ file, line: 1, field: "", message }] },
  };
}

/** Merges the files in the order of their names: the first one that declares an object wins. */
function collect(files: ReadonlyMap<string, Known>, old: (id: string) => unknown): Declarations {
  const objects = new Map<string, Declared>();
  const kept = new Set<string>();
  const brokenFiles = new Set<string>();
  const problems: FileProblem[] = [];
  for (const { parsed } of files.values()) {
    for (const { file } of parsed.problems) brokenFiles.add(file);
    problems.push(...parsed.problems);
    for (const object of parsed.objects) {
      const read = readObject(object, old);
      // It may be any of the objects that the file declared before, so all of them stay.
      if (read.kind === "wrong" && read.id === undefined) brokenFiles.add(object.file);
      if (parsed.problems.length === 0) take(read, { objects, kept, problems });
      // No object of an invalid file takes effect, but its other problems are reported.
      else if (read.kind === "wrong") problems.push(...read.problems);
    }
  }
  for (const id of objects.keys()) kept.delete(id);
  return { objects, kept, brokenFiles, problems };
}

function take(
  read: Read,
  into: { objects: Map<string, Declared>; kept: Set<string>; problems: FileProblem[] },
): void {
  if (read.kind === "wrong") {
    into.problems.push(...read.problems);
    if (read.id !== undefined) into.kept.add(read.id);
  }
  if (read.kind !== "declared") return;
  const { kind, namespace, name, file, line } = read.declared;
  const id = idOf(kind, namespace, name);
  const first = into.objects.get(id);
  if (!first) into.objects.set(id, read.declared);
  else {
    const message = `is declared in ${first.file}:${first.line} already: remove one of the two`;
    into.problems.push({ file, line, field: id, message });
  }
}
