import { lstatSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { errorCode } from "../../base/errorCode.ts";
import { oneCopy } from "../../base/oneCopy.ts";
import { type Declared, idOf, type Read } from "./declared.ts";
import { type JudgedFile, judgeAll, type OldObject, recalled } from "./judged.ts";
import type { ValidFiles } from "./state/validFiles.ts";
import { Breather } from "./watch/breather.ts";
import { digestOf, type FileTimes, stampOf } from "./watch/fileStamp.ts";
import type { FileProblem } from "./yaml/parsedFile.ts";
import { MAX_FILE_BYTES, parseLater, parseYamlFile } from "./yaml/yamlFile.ts";

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

interface Known extends JudgedFile {
  /** Equal stamps: the file has not changed. "" equals no stamp. */
  readonly stamp: string;
  /** Of the text, "" if it was not read. */
  readonly digest: string;
}

/** Files of a directory, as `kubectl apply -f` reads it: .yaml, .yml and .json, without subdirectories. */
export class YamlDirectory {
  readonly #path: string;
  readonly #now: () => number;
  readonly #stat: (path: string) => FileTimes;
  readonly #valid: ValidFiles | undefined;
  #known: ReadonlyMap<string, Known> = new Map();
  #last: Declarations | undefined;

  /** `now` returns epoch milliseconds, by the clock of the file times. `valid` has what an earlier process found valid. */
  constructor(
    path: string,
    now: () => number,
    {
      times = statSync,
      valid,
    }: { readonly times?: (path: string) => FileTimes; readonly valid?: ValidFiles } = {},
  ) {
    this.#path = path;
    this.#now = now;
    this.#stat = times;
    this.#valid = valid;
  }

  /**
   * Reads the files that changed since the last call; of these names alone if they are given. Returns the same object if none
   * did, or a problem if the directory cannot be read.
   */
  async read(old: OldObject, only?: ReadonlySet<string>): Promise<Declarations | FileProblem> {
    const known = new Map(only ? this.#known : []);
    try {
      // While the directory itself is away its files are not removed ones.
      if (only) statSync(this.#path);
      const names = only ?? readdirSync(this.#path);
      await this.#readFiles([...names].filter(isManifest), known, old);
    } catch (error) {
      const message = `the directory cannot be read (${errorCode(error)})`;
      return { file: this.#path, line: 1, field: "", message };
    }
    const isSame =
      known.size === this.#known.size &&
      [...known].every(([name, { parsed }]) => this.#known.get(name)?.parsed === parsed);
    this.#forgetRemoved(known);
    this.#known = known;
    if (!this.#last || !isSame) this.#last = await this.#collect(old);
    return this.#last;
  }

  /** Validates the objects of each file when it was read, so that the values of one file alone are in memory at a time. */
  async #readFiles(names: readonly string[], into: Map<string, Known>, old: OldObject): Promise<void> {
    const breather = new Breather();
    for (const name of names) {
      const found = this.#readFile(name, old);
      if (found) into.set(name, found);
      else into.delete(name);
      if (found && found.parsed !== this.#known.get(name)?.parsed)
        await this.#judge(name, found, old, breather);
      await breather.pause();
    }
  }

  /** Validates the objects of a file that has changed, and remembers them for the next process if all are valid. */
  async #judge(name: string, found: Known, old: OldObject, breather: Breather): Promise<void> {
    const { judged } = found;
    const isRemembered = judged.length > 0 && judged.every((one) => one !== undefined);
    const reads = await judgeAll(found, old, breather);
    if (!isRemembered)
      this.#valid?.remember(name, found.digest, found.parsed.problems.length === 0 ? reads : []);
  }

  /** The first read drops what other processes remembered of files that do not exist any more, the next ones what this one did. */
  #forgetRemoved(known: ReadonlyMap<string, Known>): void {
    if (!this.#last) this.#valid?.keepOnly(known);
    for (const name of this.#known.keys()) if (!known.has(name)) this.#valid?.forget(name);
  }

  /** Undefined if the file was removed after the listing. */
  #readFile(name: string, old: OldObject): Known | undefined {
    const path = join(this.#path, name);
    const known = this.#known.get(name);
    try {
      const began = this.#now();
      const times = this.#stat(path);
      const stamp = stampOf(times, began);
      if (stamp !== "" && known?.stamp === stamp) return known;
      if (times.size > MAX_FILE_BYTES)
        return unreadable(path, stamp, `is longer than ${MAX_FILE_BYTES} bytes`);
      const text = readFileSync(path, "utf8");
      const digest = digestOf(text);
      if (known?.digest === digest) return { ...known, stamp };
      const reads = this.#valid?.recall(name, path, digest);
      if (!reads) return { stamp, digest, parsed: parseYamlFile(path, text), judged: [] };
      const lines = reads.map((read) => (read.kind === "declared" ? read.declared.line : 1));
      return { stamp, digest, parsed: parseLater(path, text, lines), judged: recalled(reads, old) };
    } catch (error) {
      const isThere = lstatSync(path, { throwIfNoEntry: false }) !== undefined;
      return isThere ? unreadable(path, "", `cannot be read (${errorCode(error)})`) : undefined;
    }
  }

  /** Merges the files in the order of their names: the first one that declares an object wins. */
  async #collect(old: OldObject): Promise<Declarations> {
    const collected = new Collected();
    const breather = new Breather();
    for (const name of [...this.#known.keys()].sort()) {
      const known = this.#known.get(name);
      if (!known) continue;
      const { objects, problems } = known.parsed;
      for (const { file } of problems) collected.brokenFiles.add(file);
      collected.problems.push(...problems);
      const reads = await judgeAll(known, old, breather);
      for (const [index, read] of reads.entries())
        collected.add(objects[index]?.file ?? "", read, problems.length === 0);
    }
    for (const id of collected.objects.keys()) collected.kept.delete(id);
    return collected;
  }
}

/** As `kubectl apply -f` does for a directory; hidden files are skipped. */
function isManifest(name: string): boolean {
  return /^[^.].*\.(ya?ml|json)$/.test(name);
}

function unreadable(file: string, stamp: string, message: string): Known {
  return {
    stamp,
    digest: "",
    parsed: { objects: [], problems: [{ file, line: 1, field: "", message }] },
    judged: [],
  };
}

/** The declarations of a directory while its objects are gathered. */
class Collected implements Declarations {
  readonly objects = new Map<string, Declared>();
  readonly kept = new Set<string>();
  readonly brokenFiles = new Set<string>();
  readonly problems: FileProblem[] = [];

  /** `isWhole`: its file has no syntax error. */
  add(file: string, read: Read, isWhole: boolean): void {
    // It may be any of the objects that the file declared before, so all of them stay.
    if (read.kind === "wrong" && read.id === undefined) this.brokenFiles.add(file);
    // No object of an invalid file takes effect, but its problems are reported.
    if (read.kind === "wrong") this.problems.push(...read.problems);
    if (!isWhole) return;
    if (read.kind === "wrong" && read.id !== undefined) this.kept.add(read.id);
    if (read.kind === "declared") this.#declare(read.declared);
  }

  #declare(declared: Declared): void {
    const { kind, namespace, name, file, line } = declared;
    const id = idOf(kind, namespace, name);
    const first = this.objects.get(id);
    if (!first) this.objects.set(oneCopy(id), declared);
    else {
      const message = `is declared in ${first.file}:${first.line} already: remove one of the two`;
      this.problems.push({ file, line, field: id, message });
    }
  }
}
