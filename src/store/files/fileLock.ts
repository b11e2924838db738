import { closeSync, openSync } from "node:fs";
import type { DatabaseSync } from "node:sqlite";
import { errorCode } from "../../base/errorCode.ts";
import { field } from "../../base/json.ts";

/** SQLITE_BUSY: another process has the lock. */
const BUSY = 5;

/** Keeps the databases reachable: Node closes one that is garbage collected, which would release its lock. */
const locked = new Set<DatabaseSync>();

/**
 * Locks a file for this process. The kernel holds the lock and releases it when the process ends, even after SIGKILL, so
 * that no process id has to be judged. Returns a function that releases the lock, or undefined while another process has
 * it. Throws if the file cannot be locked, for example on a file system without locks.
 *
 * Node offers file locks only through SQLite (docs/decisions/0010-lock-of-the-state-directory.md). The file stays empty.
 * Nothing else in this process may open it: closing any descriptor of it would release the lock (POSIX).
 */
export function lockFile(path: string): (() => void) | undefined {
  createPrivate(path);
  const database = new (loadSqlite().DatabaseSync)(path);
  try {
    database.exec("PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE");
  } catch (error) {
    database.close();
    if (field(error, "errcode") === BUSY) return undefined;
    throw error;
  }
  locked.add(database);
  return () => {
    locked.delete(database);
    database.close();
  };
}

/** SQLite itself would create the file with the mode that the umask leaves. */
function createPrivate(path: string): void {
  try {
    closeSync(openSync(path, "wx", 0o600));
  } catch (error) {
    if (errorCode(error) !== "EEXIST") throw error;
  }
}

/** Suppresses the warning of Node 22 that SQLite is experimental: users cannot act on it, and we use only the lock. */
function loadSqlite(): typeof import("node:sqlite") {
  const { emitWarning } = process;
  process.emitWarning = () => {};
  try {
    const sqlite: typeof import("node:sqlite") | undefined = process.getBuiltinModule("node:sqlite");
    if (!sqlite) throw new Error("this Node has no SQLite");
    return sqlite;
  } finally {
    process.emitWarning = emitWarning;
  }
}
