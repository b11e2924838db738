import { type FSWatcher, statSync, watch } from "node:fs";

interface Watched {
  readonly watcher: FSWatcher;
  /** A folder that replaced another one of its name has another inode. */
  readonly inode: number;
}

/**
 * Reports changes in folders, not below them. It is only a hint: a folder that cannot be watched, or a file system that reports
 * nothing, is covered by looking at all files at intervals.
 */
export class FolderWatch {
  readonly #onChange: (folder: string, name: string) => void;
  readonly #watched = new Map<string, Watched>();

  /** `onChange` gets the folder, and the name of what changed in it, "" if it is unknown. */
  constructor(onChange: (folder: string, name: string) => void) {
    this.#onChange = onChange;
  }

  /** Watches these folders from now on, and no others. */
  keep(folders: Iterable<string>): void {
    const wanted = new Set(folders);
    for (const path of [...this.#watched.keys()]) if (!wanted.has(path)) this.#drop(path);
    for (const path of wanted) {
      const inode = statSync(path, { throwIfNoEntry: false })?.ino;
      if (inode === this.#watched.get(path)?.inode) continue;
      this.#drop(path);
      if (inode !== undefined) this.#watch(path, inode);
    }
  }

  close(): void {
    this.keep([]);
  }

  #watch(path: string, inode: number): void {
    try {
      const watcher = watch(path, (_, name) => this.#onChange(path, name ?? ""));
      watcher.on("error", () => this.#drop(path));
      this.#watched.set(path, { watcher, inode });
    } catch {
      // The system's limit of watches is reached, or the folder is gone: the intervals remain.
    }
  }

  #drop(path: string): void {
    this.#watched.get(path)?.watcher.close();
    this.#watched.delete(path);
  }
}
