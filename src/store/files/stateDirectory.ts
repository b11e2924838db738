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
  writeSync,
} from "node:fs";
import { dirname, join, relative } from "node:path";
import { errorCode } from "../../base/errorCode.ts";

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

  /** `isDurable` false: for state that is discarded afterwards. */
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
    this.#lock();
  }

  close(): void {
    rmSync(this.#lockFile, { force: true });
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
      writeSync(file, text);
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

  get #lockFile(): string {
    return join(this.path, "lock");
  }

  /** A lock of an ended process, or of this process's own id, was left by a crash. */
  #lock(): void {
    for (let attempt = 0; attempt < 3; attempt++) {
      try {
        const file = openSync(this.#lockFile, "wx", 0o600);
        writeSync(file, `${process.pid}\n`);
        closeSync(file);
        return;
      } catch (error) {
        if (errorCode(error) !== "EEXIST") throw error;
        const holder = Number.parseInt(this.read("lock"), 10);
        if (isAlive(holder))
          throw new StateDirectoryProblem(
            `the state directory ${this.path} is in use by process ${holder}: end that one, or name another directory with --state-dir`,
          );
        rmSync(this.#lockFile, { force: true });
      }
    }
    throw new StateDirectoryProblem(`the state directory ${this.path} could not be locked: try again`);
  }
}

function isAlive(pid: number): boolean {
  if (!(pid > 0) || pid === process.pid) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return errorCode(error) === "EPERM";
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
