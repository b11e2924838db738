import { findModuleFiles } from "./goModule.ts";

const KINDS = ["certificates", "issuers", "clusterissuers"];
const FILES = {
  what: "cert-manager's CRDs",
  module: "github.com/cert-manager/cert-manager",
  version: "v1.21.2",
  paths: KINDS.map((plural) => `deploy/crds/cert-manager.io_${plural}.yaml`),
};

/** The paths of cert-manager's CustomResourceDefinitions that the chart writes objects of: the cache, filled from its Go module once. Throws PartMissing. */
export async function findCertManagerCrds(): Promise<readonly string[]> {
  const folder = await findModuleFiles("crds-cert-manager", FILES);
  return FILES.paths.map((path) => `${folder}/${path}`);
}
