import { findModuleFiles, type ModuleFiles } from "./goModule.ts";

const CERT_MANAGER = ["certificates", "issuers", "clusterissuers"];
const PROMETHEUS_OPERATOR = ["podmonitors", "prometheusrules"];

const ADD_ONS: Readonly<Record<string, ModuleFiles>> = {
  "cert-manager": {
    what: "cert-manager's CRDs",
    module: "github.com/cert-manager/cert-manager",
    version: "v1.21.2",
    paths: CERT_MANAGER.map((plural) => `deploy/crds/cert-manager.io_${plural}.yaml`),
  },
  "prometheus-operator": {
    what: "The Prometheus Operator's CRDs",
    module: "github.com/prometheus-operator/prometheus-operator",
    version: "v0.85.0",
    paths: PROMETHEUS_OPERATOR.map(
      (plural) => `example/prometheus-operator-crd/monitoring.coreos.com_${plural}.yaml`,
    ),
  },
};

/**
 * The paths of the CustomResourceDefinitions of add-ons that the chart writes objects of: the cache, filled from their Go
 * modules once. Throws PartMissing.
 */
export async function findAddOnCrds(): Promise<readonly string[]> {
  const found = Object.entries(ADD_ONS).map(async ([name, files]) => {
    const folder = await findModuleFiles(`crds-${name}`, files);
    return files.paths.map((path) => `${folder}/${path}`);
  });
  return (await Promise.all(found)).flat();
}
