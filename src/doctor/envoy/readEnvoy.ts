import { field, isRecord, list, text } from "../../base/json.ts";
import type { EnvoyModel, HttpFilter, LiveEnvoy, Manager } from "./envoySnapshot.ts";
import { snakeCased } from "./protoJson.ts";

/** What was found on a walk through a document. */
interface Found {
  readonly managers: { readonly listener: string; readonly config: unknown }[];
  readonly clusters: Map<string, unknown>;
  readonly routes: Map<string, unknown>;
}

/**
 * Reads configuration wherever it stands: in an answer of /config_dump, in a bootstrap file, or in files of resources that
 * Envoy takes up by itself. Total on any JSON.
 */
export function readEnvoy(source: string, documents: readonly unknown[], live?: LiveEnvoy): EnvoyModel {
  const found: Found = { managers: [], clusters: new Map(), routes: new Map() };
  for (const document of documents) walk(snakeCased(document), "", found);
  return {
    source,
    managers: found.managers.map((manager) => managerOf(manager, found)),
    clusters: found.clusters,
    ...(live ? { live } : {}),
  };
}

function walk(value: unknown, listener: string, found: Found): void {
  if (Array.isArray(value)) for (const inner of value) walk(inner, listener, found);
  if (!isRecord(value)) return;
  const type = typeName(value);
  // A dump holds the bootstrap beside what came of it.
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
  { routes }: Found,
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
