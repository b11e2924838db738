import type { DatabaseSync, StatementSync } from "node:sqlite";
import { createPrivate, loadSqlite } from "./sqlite.ts";

/** What a transaction changes: the text of each record by its name; undefined removes it. */
export type RecordChanges = ReadonlyMap<string, string | undefined>;

/**
 * The size of a page of a new file; one that exists keeps its own. A record is about a kilobyte, and one that is longer than a quarter of a
 * page takes further pages of its own. Against SQLite's 4 KiB, the first start of standalone spends 0.55 of the time on its records, and
 * the file is 40 % smaller.
 */
const PAGE_BYTES = 16_384;
/** The write-ahead log is moved into the file when it has this size, which is SQLite's own for pages of 4 KiB. */
const LOG_BYTES = 4_096_000;

/**
 * Texts by name, in a SQLite file of mode 0600. A name has a folder, as `objects/Application/team/a`. A transaction is one sync,
 * however many records it changes; after a crash or with a full disk it is there as a whole or not at all.
 */
export class RecordFile {
  readonly #database: DatabaseSync;
  readonly #put: StatementSync;
  readonly #remove: StatementSync;
  readonly #get: StatementSync;

  /** Opens or creates the file. One that is not durable is not synced. Throws if the file cannot be used. */
  constructor(path: string, isDurable = true) {
    createPrivate(path);
    this.#database = new (loadSqlite().DatabaseSync)(path);
    this.#database.exec(
      `PRAGMA page_size = ${PAGE_BYTES}; PRAGMA journal_mode = WAL;
       PRAGMA synchronous = ${isDurable ? "FULL" : "OFF"}; PRAGMA secure_delete = ON;
       CREATE TABLE IF NOT EXISTS record (name TEXT PRIMARY KEY, text TEXT NOT NULL) WITHOUT ROWID`,
    );
    const pageBytes = Number(this.#database.prepare("PRAGMA page_size").get()?.page_size);
    this.#database.exec(`PRAGMA wal_autocheckpoint = ${Math.round(LOG_BYTES / pageBytes)}`);
    this.#put = this.#database.prepare("INSERT OR REPLACE INTO record (name, text) VALUES (?, ?)");
    this.#remove = this.#database.prepare("DELETE FROM record WHERE name = ?");
    this.#get = this.#database.prepare("SELECT text FROM record WHERE name = ?");
  }

  /** All records of a folder, in the order of their names. '0' follows '/' in the order of characters. */
  *of(folder: string): Iterable<readonly [string, string]> {
    const all = this.#database.prepare(
      "SELECT name, text FROM record WHERE name >= ? AND name < ? ORDER BY name",
    );
    for (const { name, text } of all.iterate(`${folder}/`, `${folder}0`)) yield [String(name), String(text)];
  }

  /** The record of this name, which has its folder; undefined if it does not exist. */
  get(name: string): string | undefined {
    const found = this.#get.get(name);
    return found && String(found.text);
  }

  /** The names of all records of a folder. */
  namesOf(folder: string): readonly string[] {
    const all = this.#database.prepare("SELECT name FROM record WHERE name >= ? AND name < ?");
    return all.all(`${folder}/`, `${folder}0`).map(({ name }) => String(name));
  }

  get isEmpty(): boolean {
    return this.#database.prepare("SELECT name FROM record LIMIT 1").get() === undefined;
  }

  /** Makes all changes or, if it throws, none. They are durable when it returns. */
  apply(changes: RecordChanges): void {
    this.#database.exec("BEGIN IMMEDIATE");
    try {
      for (const [name, text] of changes) {
        if (text === undefined) this.#remove.run(name);
        else this.#put.run(name, text);
      }
      this.#database.exec("COMMIT");
    } catch (error) {
      // SQLite has rolled back by itself after some errors, such as that of a full disk.
      if (this.#database.isTransaction) this.#database.exec("ROLLBACK");
      throw error;
    }
  }

  close(): void {
    this.#database.close();
  }
}

/** Copies the records of a file, which another process may be writing, into a new one. Throws if it cannot be read. */
export function copyRecordFile(from: string, to: string): void {
  createPrivate(to);
  const database = new (loadSqlite().DatabaseSync)(from, { readOnly: true });
  try {
    database.prepare("VACUUM INTO ?").run(to);
  } finally {
    database.close();
  }
}
