import { readdirSync, readFileSync, rmSync } from "node:fs";
import { join, relative } from "node:path";
import { errorCode } from "../../../base/errorCode.ts";

/**
 * A file that a release before 0.3 takes for an object that it cannot read, so that it does not start. It would find no objects
 * otherwise, and give every Application a new id and a new key pair.
 */
export const STOPS_EARLIER_RELEASES = {
  path: "objects/moved-to-state.db.json",
  text: "The state of this directory is in state.db, which releases before 0.3 cannot read.\n",
};

/**
 * The records of a state directory of a release before 0.3, by name: it kept each in a JSON file of its own. Throws the error of
 * the file system if one cannot be read.
 */
export function earlierRecords(path: string, folders: readonly string[]): ReadonlyMap<string, string> {
  const files = folders.flatMap((folder) => filesOf(path, folder));
  const records = files.filter((name) => name !== STOPS_EARLIER_RELEASES.path && name.endsWith(".json"));
  return new Map(
    records.map((name) => [name.slice(0, -".json".length), readFileSync(join(path, name), "utf8")]),
  );
}

/** Removes the files of these records. */
export function removeEarlierFiles(path: string, records: Iterable<string>): void {
  for (const name of records) rmSync(join(path, `${name}.json`), { force: true });
}

function filesOf(path: string, folder: string): readonly string[] {
  try {
    return readdirSync(join(path, folder), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => relative(path, join(entry.parentPath, entry.name)));
  } catch (error) {
    if (errorCode(error) === "ENOENT") return [];
    throw error;
  }
}
