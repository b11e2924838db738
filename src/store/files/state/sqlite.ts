import { closeSync, openSync } from "node:fs";
import { errorCode } from "../../../base/errorCode.ts";

/** Creates the file with mode 0600 if it does not exist: SQLite itself would create it with the mode that the umask leaves. */
export function createPrivate(path: string): void {
  try {
    closeSync(openSync(path, "wx", 0o600));
  } catch (error) {
    if (errorCode(error) !== "EEXIST") throw error;
  }
}

/**
 * The SQLite that is part of Node. Suppresses the warning of Node 22 that it is experimental: users cannot act on it, and only
 * plain statements are used. Throws in a Node that was built without it.
 */
export function loadSqlite(): typeof import("node:sqlite") {
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
