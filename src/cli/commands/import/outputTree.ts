import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { setImmediate } from "node:timers/promises";
import { Secret } from "../../../api/secret.ts";
import type { PlannedFile } from "../../../import/yaml/files.ts";
import { type Manifest, manifestText, parseManifest } from "./manifest.ts";

/** What happened to the files of a run, by their paths below the output directory. */
export interface WrittenTree {
  readonly written: number;
  readonly unchanged: number;
  /** Files that a person changed: the new content is in the file of the same name with `.new`. */
  readonly beside: readonly string[];
  /** Secrets that a person encrypted: left as they are. */
  readonly encrypted: readonly string[];
  /** Files of an earlier run that this one does not have any more. */
  readonly leftOver: readonly string[];
}

/** The hashes of the files that the last run wrote. */
const MANIFEST = ".countersign-import.json";
/** Everything is written here first, and then moved: a run that fails changes nothing. */
const STAGING = ".countersign-import.tmp";
const NEW = ".new";
const SECRETS = "secrets";
/** What SOPS and Sealed Secrets leave in a file. */
const ENCRYPTED = /^sops:|^kind: SealedSecret|"sops":|ENC\[AES256_GCM/m;
/** Files between two looks at signals. */
const PAUSE_AFTER = 64;

/** One output directory. Methods throw system errors. */
export class OutputTree {
  readonly #directory: string;
  readonly #beside: string[] = [];
  readonly #encrypted: string[] = [];
  /** Paths below the directory, in the staging folder too. */
  readonly #staged: string[] = [];
  readonly #hashes = new Map<string, string>();
  readonly #planned = new Set<string>();
  #before: Manifest = new Map();
  readonly #made = new Set<string>();
  readonly #known = new Set<string>();
  /** Folders that do not exist yet in the output directory. */
  readonly #newFolders = new Set<string>();
  #unchanged = 0;

  constructor(directory: string) {
    this.#directory = directory;
  }

  /**
   * Compares each file with what is there, and writes what differs into the staging folder. Files are written one after the
   * other: 20,000 small ones took a tenth of the CPU time that they take with promises (Node 24.21).
   */
  async stage(
    files: Iterable<PlannedFile>,
    onFile: (count: number) => void,
    signal: AbortSignal,
  ): Promise<void> {
    mkdirSync(this.#directory, { recursive: true });
    this.discard();
    this.#before = parseManifest(readText(this.#at(MANIFEST)) ?? "");
    for (const file of files) {
      this.#stageFile(file);
      if (this.#planned.size % PAUSE_AFTER !== 0) continue;
      onFile(this.#planned.size);
      await setImmediate();
      if (signal.aborted) return;
    }
  }

  /** Moves what was staged to its place. Until the first move nothing has changed. */
  commit(): WrittenTree {
    const leftOver = [...this.#before.keys()].filter((path) => !this.#planned.has(path)).sort();
    const kept = new Map(leftOver.map((path) => [path, this.#before.get(path) ?? []]));
    // Both hashes count until all is moved, so that an interrupted run leaves no file that looks like a person's.
    this.#writeManifest(
      new Map([
        ...kept,
        ...[...this.#hashes].map(
          ([path, hash]) => [path, [...(this.#before.get(path) ?? []), hash]] as const,
        ),
      ]),
    );
    // A folder that is new moves as a whole.
    for (const path of [
      ...[...this.#newFolders].filter((one) => this.#made.has(one)),
      ...this.#staged.filter((one) => !this.#isInNew(one)),
    ])
      renameSync(this.#inStaging(path), this.#at(path));
    this.#writeManifest(
      new Map([...kept, ...[...this.#hashes].map(([path, hash]) => [path, [hash]] as const)]),
    );
    this.discard();
    const beside = this.#beside.sort();
    const encrypted = this.#encrypted.sort();
    const { length: written } = this.#staged;
    return {
      written,
      unchanged: this.#unchanged,
      beside,
      encrypted,
      leftOver: this.#existing(leftOver),
    };
  }

  /** Removes the staging folder, also that of a run that was killed. */
  discard(): void {
    rmSync(join(this.#directory, STAGING), { recursive: true, force: true });
  }

  #stageFile({ path, content }: PlannedFile): void {
    const text = content instanceof Secret ? content.reveal() : content;
    const isSecret = content instanceof Secret;
    this.#planned.add(path);
    const current = this.#isInNew(path) ? undefined : readText(this.#at(path));
    const hash = hashOf(text);
    if (current !== text && current !== undefined && !this.#isOurs(path, current)) {
      if (isSecret && ENCRYPTED.test(current)) this.#encrypted.push(path);
      else this.#stageBeside(path, text, isSecret);
      // The manifest keeps what this program wrote last, so the file stays a person's.
      const [last] = this.#before.get(path) ?? [];
      if (last !== undefined) this.#hashes.set(path, last);
      return;
    }
    // A hash of a secret of ten characters could be searched for its content, so Secrets are compared with their file alone.
    if (!isSecret) this.#hashes.set(path, hash);
    if (current === text) this.#unchanged += 1;
    else this.#write(path, text, isSecret);
  }

  #stageBeside(path: string, text: string, isSecret: boolean): void {
    this.#beside.push(path);
    if (readText(this.#at(path + NEW)) !== text) this.#write(path + NEW, text, isSecret);
  }

  #isOurs(path: string, current: string): boolean {
    return this.#before.get(path)?.includes(hashOf(current)) ?? false;
  }

  #write(path: string, text: string, isSecret: boolean): void {
    const staged = this.#inStaging(path);
    this.#make(dirname(path));
    writeFileSync(staged, text, { mode: isSecret ? 0o600 : 0o666 });
    this.#staged.push(path);
  }

  /** Makes a folder below the staging folder, which only this user may read. */
  #make(folder: string): void {
    if (this.#made.has(folder)) return;
    mkdirSync(join(this.#directory, STAGING), { recursive: true, mode: 0o700 });
    mkdirSync(this.#inStaging(folder), { recursive: true, mode: folder === SECRETS ? 0o700 : 0o777 });
    this.#made.add(folder);
  }

  /** Whether the file's folder does not exist yet in the output directory. */
  #isInNew(path: string): boolean {
    const folder = dirname(path);
    if (!this.#known.has(folder)) {
      this.#known.add(folder);
      if (folder !== "." && !existsSync(this.#at(folder))) this.#newFolders.add(folder);
    }
    return this.#newFolders.has(folder);
  }

  #existing(paths: readonly string[]): readonly string[] {
    return paths.filter((path) => existsSync(this.#at(path)));
  }

  #writeManifest(files: Manifest): void {
    mkdirSync(join(this.#directory, STAGING), { recursive: true, mode: 0o700 });
    writeFileSync(this.#inStaging(MANIFEST), manifestText(files));
    renameSync(this.#inStaging(MANIFEST), this.#at(MANIFEST));
  }

  #at(path: string): string {
    return join(this.#directory, path);
  }

  #inStaging(path: string): string {
    return join(this.#directory, STAGING, path);
  }
}

/** Undefined if there is no such file. */
function readText(path: string): string | undefined {
  return existsSync(path) ? readFileSync(path, "utf8") : undefined;
}

function hashOf(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
