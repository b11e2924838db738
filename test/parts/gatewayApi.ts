import { readdir, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { CACHE, CommandFailed, cached, PartMissing, run, say } from "./cache.ts";

const MODULE = "sigs.k8s.io/gateway-api";
const VERSION = "v1.7.0";
const FILE = "gateway.networking.k8s.io_httproutes.yaml";

/** A module's archive is a zip; Python's own module unpacks one file of it. */
const UNPACK =
  "import sys, zipfile; z = zipfile.ZipFile(sys.argv[1]); z.extract([n for n in z.namelist() if n.endswith('/config/crd/standard/' + sys.argv[3])][0], sys.argv[2])";

/** The path of Gateway API's CustomResourceDefinition of HTTPRoute: the cache, filled from its Go module once. Throws PartMissing. */
export async function findHttpRouteCrd(): Promise<string> {
  return await cached(`gateway-api-${VERSION}`, FILE, download);
}

async function download(folder: string): Promise<void> {
  say(`Gateway API ${VERSION}: fetching its Go module into ${CACHE} …`);
  try {
    await run("python3", ["-c", UNPACK, await archive(), folder, FILE]);
    const found = (await readdir(folder, { recursive: true, withFileTypes: true })).find(
      (entry) => entry.isFile() && entry.name === FILE,
    );
    if (!found) throw new Error(`${MODULE} ${VERSION} holds no ${FILE}`);
    await rename(join(found.parentPath, FILE), join(folder, FILE));
    await rm(join(folder, "sigs.k8s.io"), { recursive: true, force: true });
  } catch (error) {
    throw new PartMissing(
      "Gateway API's CRDs could not be fetched: install Go 1.26 or newer and Python 3, and let Go reach a module proxy.",
      { cause: error },
    );
  }
}

/** The module wants a newer Go than its archive needs: the command may fail and still name a whole archive. */
async function archive(): Promise<string> {
  const printed = await run("go", ["mod", "download", "-json", `${MODULE}@${VERSION}`]).catch(
    (error: unknown) => {
      if (error instanceof CommandFailed) return error.message;
      throw error;
    },
  );
  const zip = /"Zip": "([^"]+)"/.exec(printed)?.[1];
  if (zip === undefined) throw new CommandFailed(printed);
  return zip;
}
