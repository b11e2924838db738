import { mkdirSync, renameSync, rmSync, statSync, symlinkSync } from "node:fs";
import { join, resolve } from "node:path";
import { FolderWatch } from "../../../store/files/watch/folderWatch.ts";
import { linkName, manifestsIn } from "./flatFolder.ts";

/** Editors and git write several files: all are looked at once nothing has changed for this long, in milliseconds. */
const QUIET_MS = 30;
/**
 * Not every file system reports changes, so all files are also looked at: at this interval in milliseconds, and with many files at
 * this multiple of what a look takes.
 */
const LOOK_EVERY_MS = 2_000;
const LOOK_PAUSE = 100;

/**
 * A folder with a link to each YAML file of a directory and its subdirectories, which follows them: files and subdirectories that are
 * added, removed or changed later. A link is replaced when its file has changed, so that a watch of the folder reports that.
 */
export class LinkedFolder {
  readonly #directory: string;
  readonly #folder: string;
  /** By the name of the link: what the file was when it was linked. */
  #links: ReadonlyMap<string, string> = new Map();
  readonly #watch = new FolderWatch(() => this.#lookIn(QUIET_MS));
  #timer: NodeJS.Timeout | undefined;

  /** `folder` is made, and filled by `follow`. */
  constructor(directory: string, folder: string) {
    this.#directory = directory;
    this.#folder = folder;
  }

  /** Makes the links, and keeps them current until the signal aborts. Throws system errors. */
  follow(signal: AbortSignal): void {
    mkdirSync(this.#folder, { recursive: true });
    this.#look();
    signal.addEventListener(
      "abort",
      () => {
        clearTimeout(this.#timer);
        this.#timer = undefined;
        this.#watch.close();
      },
      { once: true },
    );
  }

  #lookIn(ms: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      try {
        this.#look();
      } catch {
        // The directory is away, or is being replaced: its files are not removed ones.
        this.#lookIn(LOOK_EVERY_MS);
      }
    }, ms);
  }

  #look(): void {
    const began = performance.now();
    const found = manifestsIn(this.#directory);
    const links = new Map(found.files.map((file) => [linkName(this.#directory, file), file]));
    const stamps = new Map<string, string>();
    for (const [name, file] of links) {
      const stamp = stampOf(file);
      if (stamp === undefined) continue;
      if (this.#links.get(name) !== stamp) this.#link(name, file);
      stamps.set(name, stamp);
    }
    for (const name of this.#links.keys()) if (!stamps.has(name)) rmSync(join(this.#folder, name));
    this.#links = stamps;
    this.#watch.keep(found.folders);
    this.#lookIn(Math.max(LOOK_EVERY_MS, LOOK_PAUSE * (performance.now() - began)));
  }

  /** Under a hidden name first: a reader sees the old link or the new one. */
  #link(name: string, file: string): void {
    const made = join(this.#folder, `.${name}`);
    symlinkSync(resolve(file), made);
    renameSync(made, join(this.#folder, name));
  }
}

/** Undefined if the file was removed after the listing. */
function stampOf(file: string): string | undefined {
  const found = statSync(file, { throwIfNoEntry: false });
  return found && `${found.mtimeMs}.${found.ctimeMs}.${found.size}.${found.ino}`;
}
