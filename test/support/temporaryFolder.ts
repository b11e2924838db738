import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Where the test environment finds the folders of a test file. */
export const TEMPORARY_FOLDERS = Symbol.for("countersign.temporaryFolders");

/** A folder in memory where the machine has one: for tests whose many small writes would wait for a disk. */
export const MEMORY_FOLDER = process.env.COUNTERSIGN_TEST_MEMORY ?? tmpdir();

/** Of the test file, or of the whole process outside of jest. */
export interface FolderHolder {
  [TEMPORARY_FOLDERS]?: Set<string>;
}

const holder = globalThis as FolderHolder;
holder[TEMPORARY_FOLDERS] ??= new Set();
const made = holder[TEMPORARY_FOLDERS];

/**
 * Makes a folder of mode 0700 whose name begins with `countersign-` and this name. It is removed once the last hook of the test file has
 * run (`environment.ts`). A caller that makes many, or makes them outside of jest, removes them earlier.
 */
export async function temporaryFolder(name: string, parent = tmpdir()): Promise<string> {
  const folder = await mkdtemp(join(parent, `countersign-${name}-`));
  made.add(folder);
  return folder;
}

/** Removes a folder that `temporaryFolder` made, before its time. */
export async function removeFolder(folder: string): Promise<void> {
  await rm(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
  made.delete(folder);
}
