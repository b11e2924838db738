import { stringify } from "yaml";
import { bootstrap } from "../src/cli/commands/envoyConfig/bootstrap.ts";
import { corsOf } from "../src/cli/commands/envoyConfig/browserFlags.ts";
import type { EnvoyOptions } from "../src/cli/commands/envoyConfig/envoyOptions.ts";
import { readVirtualHosts } from "../src/cli/commands/envoyConfig/virtualHosts.ts";

/** A file that is written from the constants: its place in the project, and what it holds. */
export interface GeneratedFile {
  readonly name: string;
  readonly text: string;
}

/** The parts of a bootstrap that xDS hands out one by one. */
interface Bootstrap {
  readonly node: object;
  readonly admin: object;
  readonly static_resources: {
    readonly listeners: readonly Listener[];
    readonly clusters: readonly object[];
  };
}
interface Listener {
  readonly filter_chains: readonly {
    readonly filters: readonly {
      readonly typed_config: { readonly route_config: RouteConfiguration; readonly rds?: object };
    }[];
  }[];
}
interface RouteConfiguration {
  readonly name: string;
  readonly virtual_hosts: readonly { readonly name: string; readonly routes: readonly object[] }[];
}

const FOLDER = "examples/gateways/envoy";
const API = "type.googleapis.com/envoy.config";
const RESOURCES = "examples/quickstart";
const ORIGIN = "https://shop.example.com";
const MADE_BY = `countersign envoy-config --upstream http://127.0.0.1:3000 --resources ${RESOURCES}`;

/** The examples for plain Envoy, from the configuration that `countersign envoy-config` prints; `root` is the checkout. */
export async function envoyExamples(root: string): Promise<readonly GeneratedFile[]> {
  const options: EnvoyOptions = {
    listen: { host: "0.0.0.0", port: 8080 },
    admin: { host: "127.0.0.1", port: 9901 },
    upstream: { address: { host: "127.0.0.1", port: 3000 } },
    verifiers: [{ host: "127.0.0.1", port: 9001 }],
    maxRequestBytes: 16_777_216,
    timeoutSeconds: 0.5,
    virtualHosts: await readVirtualHosts(`${root}/${RESOURCES}`),
  };
  const whole = bootstrap(options) as Bootstrap;
  const cors = corsOf({ corsOrigin: [{ kind: "exact", origin: ORIGIN }] });
  const forBrowsers = bootstrap({ ...options, ...(cors ? { cors } : {}), upgrades: ["websocket"] });
  const flags = `--cors-origin ${ORIGIN} --upgrade websocket`;
  return [
    file("static.yaml", `What this prints: ${MADE_BY}`, whole),
    file("browsers.yaml", `What this prints: ${MADE_BY} ${flags}`, forBrowsers),
    ...xds(whole).map(([name, about, content]) => file(`xds/${name}`, about, content)),
  ];
}

/** The same configuration in the files that Envoy watches, with routes that name their API. */
function xds(whole: Bootstrap): readonly (readonly [name: string, about: string, content: object])[] {
  const { listeners, clusters } = whole.static_resources;
  return [
    ["bootstrap.yaml", "Start Envoy in this folder: the paths below are relative.", dynamic(whole)],
    ["lds.yaml", "Listeners.", discovery("listener.v3.Listener", listeners.map(withRoutesByFile))],
    [
      "rds.yaml",
      "Routes. The first one names its API: a request that the verifier takes for another is refused.",
      discovery("route.v3.RouteConfiguration", listeners.flatMap(routes).map(withContext)),
    ],
    [
      "cds.yaml",
      "Clusters: the verifier processes, an endpoint each, and the upstream.",
      discovery("cluster.v3.Cluster", clusters),
    ],
  ];
}

function dynamic({ node, admin }: Bootstrap): object {
  return {
    node,
    admin,
    dynamic_resources: { lds_config: byFile("./lds.yaml"), cds_config: byFile("./cds.yaml") },
  };
}

function byFile(path: string): object {
  return { resource_api_version: "V3", path_config_source: { path } };
}

function discovery(type: string, resources: readonly object[]): object {
  return { version_info: "1", resources: resources.map((one) => ({ "@type": `${API}.${type}`, ...one })) };
}

function withRoutesByFile(listener: Listener): object {
  return {
    ...listener,
    filter_chains: listener.filter_chains.map((chain) => ({
      ...chain,
      filters: chain.filters.map((filter) => {
        const { route_config: routeConfig, ...config } = filter.typed_config;
        const rds = { route_config_name: routeConfig.name, config_source: byFile("./rds.yaml") };
        return { ...filter, typed_config: { ...config, rds } };
      }),
    })),
  };
}

function routes(listener: Listener): readonly RouteConfiguration[] {
  return listener.filter_chains.flatMap((chain) =>
    chain.filters.map(({ typed_config: config }) => config.route_config),
  );
}

/** The grant of the quickstart names this API `orders`; a per-route setting must carry the very name of the filter. */
function withContext(configuration: RouteConfiguration): object {
  const orders = {
    match: { path_separated_prefix: "/orders" },
    route: { cluster: "upstream" },
    typed_per_filter_config: {
      "envoy.filters.http.ext_authz": {
        "@type": "type.googleapis.com/envoy.extensions.filters.http.ext_authz.v3.ExtAuthzPerRoute",
        check_settings: { context_extensions: { api: "team-shop/orders", environment: "release" } },
      },
    },
  };
  return {
    ...configuration,
    virtual_hosts: configuration.virtual_hosts.map((host) =>
      host.name === "shop" ? { ...host, routes: [orders, ...host.routes] } : host,
    ),
  };
}

function file(name: string, about: string, content: object): GeneratedFile {
  const head = `# Written by "npm run generate". ${about}\n`;
  return {
    name: `${FOLDER}/${name}`,
    text: head + stringify(content, { lineWidth: 0, aliasDuplicateObjects: false }),
  };
}
