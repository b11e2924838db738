import { field, isRecord, list, text } from "../../base/json.ts";
import type { EnvoyRuntime, EnvoySnapshot, HttpFilter, Manager } from "./envoySnapshot.ts";
import { snakeCased } from "./protoJson.ts";

/** The resources that were found in the documents. */
interface Resources {
  readonly managers: { readonly listener: string; readonly config: unknown }[];
  readonly clusters: Map<string, unknown>;
  readonly routes: Map<string, unknown>;
}

/**
 * Reads configuration in any place: a response of /config_dump, a bootstrap file, or files of resources that Envoy watches.
 * Total on any JSON.
 */
export function readEnvoy(
  source: string,
  documents: readonly unknown[],
  runtime?: EnvoyRuntime,
): EnvoySnapshot {
  const found: Resources = { managers: [], clusters: new Map(), routes: new Map() };
  for (const document of documents) walk(snakeCased(document), "", found);
  return {
    source,
    managers: found.managers.map((manager) => managerOf(manager, found)),
    clusters: found.clusters,
    ...(runtime ? { runtime } : {}),
  };
}

function walk(value: unknown, listener: string, found: Resources): void {
  if (Array.isArray(value)) for (const inner of value) walk(inner, listener, found);
  if (!isRecord(value)) return;
  const type = typeName(value);
  // A dump has the bootstrap in addition to the resources that Envoy made from it.
  if (type === "BootstrapConfigDump") return;
  if (type === "HttpConnectionManager") found.managers.push({ listener, config: value });
  if (type === "RouteConfiguration") found.routes.set(text(value.name), value);
  if (type === "Cluster") found.clusters.set(text(value.name), value);
  for (const cluster of list(field(value, "static_resources", "clusters")))
    found.clusters.set(text(field(cluster, "name")), cluster);
  const isListener = "filter_chains" in value || "default_filter_chain" in value;
  const name = isListener ? text(value.name) || "without a name" : listener;
  for (const inner of Object.values(value)) walk(inner, name, found);
}

function managerOf(
  { listener, config }: { readonly listener: string; readonly config: unknown },
  { routes }: Resources,
): Manager {
  const inline = field(config, "route_config");
  const named = routes.get(text(field(config, "rds", "route_config_name")));
  return {
    listener,
    config,
    filters: list(field(config, "http_filters")).map(filterOf),
    routes: [inline, named].filter((one) => one !== undefined),
  };
}

function filterOf(entry: unknown): HttpFilter {
  const config = field(entry, "typed_config");
  return {
    name: text(field(entry, "name")),
    type: typeName(config),
    isDisabled: field(entry, "disabled") === true,
    config,
  };
}

/** The last part of a message's type. */
export function typeName(value: unknown): string {
  return text(field(value, "@type")).split(".").at(-1) ?? "";
}
