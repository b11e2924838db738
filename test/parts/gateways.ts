import { findModuleFiles, type ModuleFiles } from "./goModule.ts";

/** What the examples of gateways are checked against: the CustomResourceDefinitions that each gateway ships. */
export type Gateway = "gateway-api" | "envoy-gateway" | "istio" | "contour" | "kgateway" | "emissary";

const GATEWAY_API = ["gatewayclasses", "gateways", "httproutes", "referencegrants", "backendtlspolicies"];
const KGATEWAY = ["gatewayextensions", "trafficpolicies", "listenerpolicies", "backendconfigpolicies"];
const ENVOY_GATEWAY = ["securitypolicies", "clienttrafficpolicies", "backends", "envoyproxies"];

const FILES: Readonly<Record<Gateway, ModuleFiles>> = {
  "gateway-api": {
    what: "Gateway API's experimental channel",
    module: "sigs.k8s.io/gateway-api",
    version: "v1.7.0",
    paths: GATEWAY_API.map((kind) => `config/crd/experimental/gateway.networking.k8s.io_${kind}.yaml`),
  },
  "envoy-gateway": {
    what: "Envoy Gateway's CRDs",
    module: "github.com/envoyproxy/gateway",
    version: "v1.9.1",
    paths: ENVOY_GATEWAY.map(
      (kind) => `charts/gateway-helm/charts/crds/crds/generated/gateway.envoyproxy.io_${kind}.yaml`,
    ),
  },
  istio: {
    what: "Istio's API",
    module: "istio.io/api",
    version: "v1.32.0",
    paths: ["kubernetes/customresourcedefinitions.gen.yaml", "mesh/", "networking/", "analysis/", "type/"],
  },
  contour: {
    what: "Contour's CRDs",
    module: "github.com/projectcontour/contour",
    version: "v1.33.8",
    paths: ["examples/contour/01-crds.yaml"],
  },
  kgateway: {
    what: "kgateway's CRDs",
    module: "github.com/kgateway-dev/kgateway/v2",
    version: "v2.2.0",
    paths: KGATEWAY.map((kind) => `install/helm/kgateway-crds/templates/gateway.kgateway.dev_${kind}.yaml`),
  },
  emissary: {
    what: "Emissary's CRDs",
    module: "github.com/emissary-ingress/emissary/v3",
    version: "v3.10.0",
    paths: ["pkg/api/getambassador.io/crds.yaml"],
  },
};

export const GATEWAYS = Object.keys(FILES) as readonly Gateway[];

/** The folder that holds the gateway's files, and the YAML files with CustomResourceDefinitions in it. Throws PartMissing. */
export async function findGatewayFiles(
  gateway: Gateway,
): Promise<{ readonly folder: string; readonly crds: readonly string[] }> {
  const folder = await findModuleFiles(`crds-${gateway}`, FILES[gateway]);
  const crds = FILES[gateway].paths.filter((path) => path.endsWith(".yaml"));
  return { folder, crds: crds.map((path) => `${folder}/${path}`) };
}
