import { accessSync, chmodSync, constants, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Where files are kept in memory, on Linux. */
const MEMORY = "/dev/shm";

/**
 * Runs `work` with temporary folders of its own, which it gets as variables of the environment: TMPDIR, and COUNTERSIGN_TEST_MEMORY where
 * the machine has /dev/shm. Returns the exit status of `work`; if that is 0 but something was left in the folders, lists it and returns 1.
 * Removes the folders in either case.
 *
 * The names are short, because the path of a Unix socket has 107 bytes at most.
 */
export async function inTempRoot(
  work,
  { parent = tmpdir(), memory = MEMORY, report = toStandardError } = {},
) {
  const root = makeRoot(parent);
  const inMemory = isWritable(memory) ? makeRoot(memory) : undefined;
  const roots = [root, ...(inMemory ? [inMemory] : [])];
  const variables = { TMPDIR: root, ...(inMemory ? { COUNTERSIGN_TEST_MEMORY: inMemory } : {}) };
  try {
    const status = await work(variables);
    const left = roots.flatMap((folder) => readdirSync(folder).map((name) => join(folder, name)));
    if (status !== 0 || left.length === 0) return status;
    report(
      `The tests passed, but left this behind:\n${left.map((path) => `  ${path}\n`).join("")}` +
        "Make temporary folders with temporaryFolder() of test/support/temporaryFolder.ts, which removes them.\n",
    );
    return 1;
  } finally {
    for (const folder of roots)
      rmSync(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 200 });
  }
}

/** Programs that run as another user may open paths that they know, but list nothing. */
function makeRoot(parent) {
  const root = mkdtempSync(join(parent, "cs-"));
  chmodSync(root, 0o711);
  return root;
}

function isWritable(folder) {
  try {
    accessSync(folder, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

function toStandardError(text) {
  process.stderr.write(text);
}
