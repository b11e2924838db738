import { entries, field, list, number, text } from "../../base/json.ts";
import type { EnvoyRuntime } from "./envoySnapshot.ts";

/** The responses of Envoy's admin interface that doctor reads. */
export interface AdminResponses {
  readonly serverInfo: unknown;
  readonly clusters: unknown;
  readonly stats: unknown;
}

/** The path of each response. Endpoints are read from /clusters, since a dump leaves out discovered ones. */
export const ADMIN_PATHS = {
  configDump: "/config_dump",
  serverInfo: "/server_info",
  clusters: "/clusters?format=json",
  stats: "/stats?format=json&filter=ext_authz",
} as const;

/** Reads those responses. Total on any JSON: what is missing is empty. */
export function readRuntime({ serverInfo, clusters, stats }: AdminResponses): EnvoyRuntime {
  return {
    version: /\/(\d+\.\d+\.\d+)/.exec(text(field(serverInfo, "version")))?.[1] ?? "",
    endpoints: new Map(
      list(field(clusters, "cluster_statuses")).map((cluster) => [
        text(field(cluster, "name")),
        endpointsOf(list(field(cluster, "host_statuses"))),
      ]),
    ),
    stats: new Map(
      list(field(stats, "stats")).map((one) => [text(field(one, "name")), number(field(one, "value")) ?? 0]),
    ),
  };
}

function endpointsOf(hosts: readonly unknown[]): { readonly all: number; readonly healthy: number } {
  return { all: hosts.length, healthy: hosts.filter(isHealthy).length };
}

/** Envoy reports each reason why a host is unhealthy as a field that is true. */
function isHealthy(host: unknown): boolean {
  const health = entries(field(host, "health_status"));
  return health.every(([name, value]) =>
    name === "eds_health_status" ? value === "HEALTHY" || value === "UNKNOWN" : value !== true,
  );
}
