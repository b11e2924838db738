import type { DatabaseSync } from "node:sqlite";
import { field } from "../../../base/json.ts";
import { createPrivate, loadSqlite } from "./sqlite.ts";

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
