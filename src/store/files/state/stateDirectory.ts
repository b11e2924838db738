import { chmodSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { errorCode } from "../../../base/errorCode.ts";
import { field, text } from "../../../base/json.ts";
import { StoreUnavailable } from "../../store.ts";
import { earlierRecords, removeEarlierFiles, STOPS_EARLIER_RELEASES } from "./earlierState.ts";
import { lockFile } from "./fileLock.ts";
import { RecordFile } from "./recordFile.ts";

/** The locked file, and the file with the process id of the owner, which only error messages use. */
const LOCK = "lock.db";
const HOLDER = "lock";
/** The SQLite file of the records. */
export const RECORDS = "state.db";
/** The folders of records: objects, and projections. */
export const FOLDERS = ["objects", "projections"] as const;

/** The folder of the record of last use, which earlier releases do not have. */
export const USE_FOLDER = "lastUse";

/** The state directory cannot be used; the message has the remedy. */
export class StateDirectoryProblem extends Error {
  override readonly name = "StateDirectoryProblem";
}

/** What is not durable yet, and what to do once it is. */
interface Pending {
  readonly changes: Map<string, string | undefined>;
  readonly effects: (() => void)[];
}

/**
 * The persistent state of `standalone`, which an API server would keep: a directory of mode 0700 with the records of objects
 * and projections in one SQLite file. Writes are grouped: those of one turn of the event loop become one transaction, in the
 * order in which they were made, so what is durable is always a state that was the present one at some time. One process at a time
 * uses the directory.
 */
export class StateDirectory {
  readonly path: string;
  readonly #isDurable: boolean;
  #file: RecordFile | undefined;
  #unlock: (() => void) | undefined;
  #pending: Pending = { changes: new Map(), effects: [] };
  #commit: Promise<void> | undefined;

  /** A directory that is not durable (a temporary one) is not synced and not locked. */
  constructor(path: string, isDurable = true) {
    this.path = path;
    this.#isDurable = isDurable;
  }

  /** Creates the directory, restricts its mode, locks it for this process, and opens its records. */
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
    this.#openRecords();
  }

  /** Commits what is pending, if that is possible. */
  close(): void {
    try {
      if (this.isPending) this.#apply();
    } catch {
      // The process ends without these writes, as after a crash.
    }
    this.#file?.close();
    this.#file = undefined;
    if (!this.#unlock) return;
    rmSync(join(this.path, HOLDER), { force: true });
    this.#unlock();
    this.#unlock = undefined;
  }

  /** All records of a folder, by name without the folder. Throws StateDirectoryProblem if they cannot be read. */
  *records(folder: string): Iterable<readonly [string, string]> {
    try {
      for (const [name, content] of this.#opened().of(folder)) yield [name.slice(folder.length + 1), content];
    } catch (error) {
      throw this.#unusable("read", error);
    }
  }

  /** The durable record of this name, which has its folder. Throws StateDirectoryProblem if it cannot be read. */
  record(name: string): string | undefined {
    return this.#reading((file) => file.get(name));
  }

  /** The names of the durable records of a folder, without it. Throws StateDirectoryProblem if they cannot be read. */
  names(folder: string): readonly string[] {
    return this.#reading((file) => file.namesOf(folder)).map((name) => name.slice(folder.length + 1));
  }

  /** Durable with the next commit. The name has its folder, as `objects/Application/team/a`. */
  write(name: string, content: string): void {
    this.#pending.changes.set(name, content);
  }

  /** Durable with the next commit. */
  remove(name: string): void {
    this.#pending.changes.set(name, undefined);
  }

  /** Calls the function once all that was written before is durable. The functions are called in the order of these calls. */
  afterCommit(effect: () => void): void {
    this.#pending.effects.push(effect);
  }

  /** Whether something that was written is not durable yet. */
  get isPending(): boolean {
    return this.#pending.changes.size > 0;
  }

  /**
   * Resolves once all that was written before is durable. Throws StoreUnavailable if it cannot be written; it stays pending
   * then, and the next commit tries again.
   */
  commit(): Promise<void> {
    if (!this.isPending) return Promise.resolve();
    this.#commit ??= this.#commitSoon();
    return this.#commit;
  }

  /** Whatever the other workers write until the next turn of the event loop belongs to the same transaction. */
  async #commitSoon(): Promise<void> {
    await new Promise((resolve) => setImmediate(resolve));
    this.#commit = undefined;
    if (this.isPending) this.#apply();
  }

  #apply(): void {
    const { changes, effects } = this.#pending;
    const file = this.#opened();
    try {
      file.apply(changes);
    } catch (error) {
      throw new StoreUnavailable(`the state directory cannot be written (${reasonOf(error)})`);
    }
    this.#pending = { changes: new Map(), effects: [] };
    for (const effect of effects) effect();
  }

  #opened(): RecordFile {
    if (!this.#file) throw new StoreUnavailable("the state directory is closed");
    return this.#file;
  }

  #reading<T>(read: (file: RecordFile) => T): T {
    try {
      return read(this.#opened());
    } catch (error) {
      throw this.#unusable("read", error);
    }
  }

  #openRecords(): void {
    try {
      const file = new RecordFile(join(this.path, RECORDS), this.#isDurable);
      this.#file = file;
      if (file.isEmpty) this.#takeEarlierState(file);
    } catch (error) {
      this.close();
      throw error instanceof StateDirectoryProblem ? error : this.#unusable("opened", error);
    }
  }

  /** Moves what a release before 0.3 left, which kept a file for each record, into the records. */
  #takeEarlierState(file: RecordFile): void {
    const earlier = earlierRecords(this.path, FOLDERS);
    if (earlier.size === 0) return;
    mkdirSync(join(this.path, "objects"), { recursive: true, mode: 0o700 });
    writeFileSync(join(this.path, STOPS_EARLIER_RELEASES.path), STOPS_EARLIER_RELEASES.text, { mode: 0o600 });
    file.apply(earlier);
    removeEarlierFiles(this.path, earlier.keys());
  }

  #unusable(what: string, error: unknown): StateDirectoryProblem {
    return new StateDirectoryProblem(
      `${join(this.path, RECORDS)} cannot be ${what} (${reasonOf(error)}): restore the state directory from a backup, or name a new one with --state-dir, in which every Application gets a new id and new generated keys`,
    );
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
      const pid = Number.parseInt(readFileSync(join(this.path, HOLDER), "utf8"), 10);
      return pid > 0 ? `process ${pid}` : "another process";
    } catch {
      return "another process";
    }
  }
}

/** SQLite's own words for an error of it, such as `database or disk is full`, or the code of a system error. */
function reasonOf(error: unknown): string {
  return text(field(error, "errstr")) || errorCode(error);
}
