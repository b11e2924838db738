import { CACHE, cached, PartMissing, say } from "./cache.ts";
import { filesOfGoModule } from "./goModule.ts";

const MODULE = "sigs.k8s.io/gateway-api";
const VERSION = "v1.7.0";
const FILE = "gateway.networking.k8s.io_httproutes.yaml";

/** The path of Gateway API's CustomResourceDefinition of HTTPRoute: the cache, filled from its Go module once. Throws PartMissing. */
export async function findHttpRouteCrd(): Promise<string> {
  return await cached(`gateway-api-${VERSION}`, FILE, download);
}

async function download(folder: string): Promise<void> {
  say(`Gateway API ${VERSION}: fetching its Go module into ${CACHE} …`);
  try {
    await filesOfGoModule(`${MODULE}@${VERSION}`, [`config/crd/standard/${FILE}`], folder);
  } catch (error) {
    throw new PartMissing(
      "Gateway API's CRDs could not be fetched: install Go 1.26 or newer and Python 3, and let Go reach a module proxy.",
      { cause: error },
    );
  }
}
