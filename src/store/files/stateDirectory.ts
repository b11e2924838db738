import {
  chmodSync,
  closeSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { dirname, join, relative } from "node:path";
import { errorCode } from "../../base/errorCode.ts";
import { field, text } from "../../base/json.ts";
import { lockFile } from "./fileLock.ts";

/** The locked file, and the file with the process id of the owner, which only error messages use. */
const LOCK = "lock.db";
const HOLDER = "lock";

/** The state directory cannot be used; the message has the remedy. */
export class StateDirectoryProblem extends Error {
  override readonly name = "StateDirectoryProblem";
}

/**
 * The persistent state of `standalone`, which an API server would keep: directories of mode 0700, files of mode 0600. Files are replaced
 * atomically, and a record is on the disk when the write returns. One process at a time uses it.
 */
export class StateDirectory {
  readonly path: string;
  readonly #isDurable: boolean;
  #unlock: (() => void) | undefined;

  /** A directory that is not durable (a temporary one) is not synced and not locked. */
  constructor(path: string, isDurable = true) {
    this.path = path;
    this.#isDurable = isDurable;
  }

  /** Creates the directory, restricts its mode, and locks it for this process. */
  open(): void {
    try {
      mkdirSync(this.path, { recursive: true, mode: 0o700 });
      chmodSync(this.path, 0o700);
    } catch (error) {
      throw new StateDirectoryProblem(
        `the state directory ${this.path} cannot be made (${errorCode(error)}): name one that this user may write with --state-dir`,
      );
    }
    if (this.#isDurable) this.#lock();
  }

  close(): void {
    if (!this.#unlock) return;
    rmSync(join(this.path, HOLDER), { force: true });
    this.#unlock();
    this.#unlock = undefined;
  }

  /** Names of all files below a folder of the state directory, relative to that folder. */
  list(folder: string): readonly string[] {
    const path = join(this.path, folder);
    try {
      return readdirSync(path, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile() && !entry.name.endsWith(".new"))
        .map((entry) => relative(path, join(entry.parentPath, entry.name)))
        .sort();
    } catch (error) {
      if (errorCode(error) === "ENOENT") return [];
      throw new StateDirectoryProblem(`${path} cannot be read (${errorCode(error)})`);
    }
  }

  read(name: string): string {
    return readFileSync(join(this.path, name), "utf8");
  }

  /** `isRecord` false: the content can be derived again, so it is not synced to the disk. */
  write(name: string, text: string, isRecord = true): void {
    const isSynced = isRecord && this.#isDurable;
    const path = join(this.path, name);
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    const file = openSync(`${path}.new`, "w", 0o600);
    try {
      // Unlike writeSync it fails when a full disk takes only a part of the text.
      writeFileSync(file, text);
      if (isSynced) fsyncSync(file);
    } finally {
      closeSync(file);
    }
    renameSync(`${path}.new`, path);
    if (isSynced) syncFolder(dirname(path));
  }

  remove(name: string): void {
    const path = join(this.path, name);
    rmSync(path, { force: true });
    syncFolder(dirname(path));
  }

  #lock(): void {
    try {
      this.#unlock = lockFile(join(this.path, LOCK));
    } catch (error) {
      const reason = text(field(error, "message"));
      throw new StateDirectoryProblem(
        `the state directory ${this.path} cannot be locked (${reason}): name one on a file system of this machine with --state-dir`,
      );
    }
    if (!this.#unlock)
      throw new StateDirectoryProblem(
        `the state directory ${this.path} is in use by ${this.#holder()}: end that one, or name another directory with --state-dir`,
      );
    writeFileSync(join(this.path, HOLDER), `${process.pid}\n`, { mode: 0o600 });
  }

  /** For the error message only: the owner may not have written its id yet, or the id may belong to another container. */
  #holder(): string {
    try {
      const pid = Number.parseInt(this.read(HOLDER), 10);
      return pid > 0 ? `process ${pid}` : "another process";
    } catch {
      return "another process";
    }
  }
}

/** A new file name is durable once its folder is synced. */
function syncFolder(path: string): void {
  const folder = openSync(path, "r");
  try {
    fsyncSync(folder);
  } finally {
    closeSync(folder);
  }
}
