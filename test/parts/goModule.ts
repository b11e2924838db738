import { readdir, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { CommandFailed, run } from "./cache.ts";

/** A module's archive is a zip; Python's own module unpacks what is wanted of it. */
const UNPACK =
  "import sys, zipfile; z = zipfile.ZipFile(sys.argv[1]); z.extractall(sys.argv[2], [n for n in z.namelist() if any(n.endswith(end) for end in sys.argv[3:])])";

/**
 * Puts files of a Go module, named by the ends of their paths, into the folder, under their last names. Throws when the
 * module cannot be fetched or lacks one of them.
 */
export async function filesOfGoModule(
  module: string,
  paths: readonly string[],
  folder: string,
): Promise<void> {
  const unpacked = join(folder, "module");
  await run("python3", ["-c", UNPACK, await archive(module), unpacked, ...paths.map((path) => `/${path}`)]);
  const found = (await readdir(unpacked, { recursive: true, withFileTypes: true }).catch(() => [])).filter(
    (entry) => entry.isFile(),
  );
  if (found.length !== paths.length) throw new Error(`${module} does not hold all of ${paths.join(", ")}`);
  for (const { parentPath, name } of found) await rename(join(parentPath, name), join(folder, name));
  await rm(unpacked, { recursive: true, force: true });
}

/** The module may want a newer Go than its archive needs: the command may fail and still name a whole archive. */
async function archive(module: string): Promise<string> {
  const printed = await run("go", ["mod", "download", "-json", module]).catch((error: unknown) => {
    if (error instanceof CommandFailed) return error.message;
    throw error;
  });
  const zip = /"Zip": "([^"]+)"/.exec(printed)?.[1];
  if (zip === undefined) throw new CommandFailed(printed);
  return zip;
}
