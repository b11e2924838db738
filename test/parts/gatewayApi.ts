import { join } from "node:path";
import { findModuleFiles } from "./goModule.ts";

const FILE = "config/crd/standard/gateway.networking.k8s.io_httproutes.yaml";

/** The path of Gateway API's CustomResourceDefinition of HTTPRoute: the cache, filled from its Go module once. Throws PartMissing. */
export async function findHttpRouteCrd(): Promise<string> {
  const folder = await findModuleFiles("gateway-api-standard", {
    what: "Gateway API",
    module: "sigs.k8s.io/gateway-api",
    version: "v1.7.0",
    paths: [FILE],
  });
  return join(folder, FILE);
}
