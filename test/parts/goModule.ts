import { CACHE, CommandFailed, cached, PartMissing, run, say } from "./cache.ts";

/** Files that lie in a published Go module. */
export interface ModuleFiles {
  /** What they are, for people. */
  readonly what: string;
  readonly module: string;
  readonly version: string;
  /** Files and folders (with a slash behind them), as the module names them. */
  readonly paths: readonly string[];
}

/** A module's archive is a zip whose names begin with module@version/; Python's own module unpacks it everywhere. */
const UNPACK = `
import os, sys, zipfile
archive, target, *paths = sys.argv[1:]
with zipfile.ZipFile(archive) as z:
    for name in z.namelist():
        inside = name.split("@", 1)[1].split("/", 1)[1]
        if inside.startswith(tuple(paths)):
            place = os.path.join(target, inside)
            os.makedirs(os.path.dirname(place), exist_ok=True)
            with open(place, "wb") as file:
                file.write(z.read(name))
for path in paths:
    if not os.path.exists(os.path.join(target, path)):
        sys.exit("the module holds no " + path)
`;

/** The folder in the cache that holds the files under their names in the module, filled once. Throws PartMissing. */
export async function findModuleFiles(key: string, files: ModuleFiles): Promise<string> {
  const first = (files.paths[0] ?? "").replace(/\/$/, "");
  const found = await cached(`${key}-${files.version}`, first, (folder) => fetchInto(folder, files));
  return found.slice(0, -first.length - 1);
}

async function fetchInto(folder: string, { what, module, version, paths }: ModuleFiles): Promise<void> {
  say(`${what} ${version}: fetching its Go module into ${CACHE} …`);
  try {
    await run("python3", ["-c", UNPACK, await archive(module, version), folder, ...paths]);
  } catch (error) {
    throw new PartMissing(
      `${what} could not be fetched: install Go 1.26 or newer and Python 3, and let Go reach a module proxy.`,
      { cause: error },
    );
  }
}

/** The module may want a newer Go than its archive needs: the command fails then and still names a whole archive. */
async function archive(module: string, version: string): Promise<string> {
  const printed = await run("go", ["mod", "download", "-json", `${module}@${version}`]).catch(
    (error: unknown) => {
      if (error instanceof CommandFailed) return error.message;
      throw error;
    },
  );
  const zip = /"Zip": "([^"]+)"/.exec(printed)?.[1];
  if (zip === undefined) throw new CommandFailed(printed);
  return zip;
}
