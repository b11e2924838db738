import { entries, field, list, number, text } from "../../base/json.ts";
import type { LiveEnvoy } from "./envoySnapshot.ts";

/** What Envoy's admin interface answers, as far as doctor asks. */
export interface AdminAnswers {
  readonly serverInfo: unknown;
  readonly clusters: unknown;
  readonly stats: unknown;
}

/** The questions: the path of each answer. Endpoints are of /clusters, since a dump leaves discovered ones out. */
export const ADMIN_PATHS = {
  configDump: "/config_dump",
  serverInfo: "/server_info",
  clusters: "/clusters?format=json",
  stats: "/stats?format=json&filter=ext_authz",
} as const;

/** Reads those answers; what is not there is empty. */
export function readLive({ serverInfo, clusters, stats }: AdminAnswers): LiveEnvoy {
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

/** Envoy names each way in which a host fails as a field that is true. */
function isHealthy(host: unknown): boolean {
  const health = entries(field(host, "health_status"));
  return health.every(([name, value]) =>
    name === "eds_health_status" ? value === "HEALTHY" || value === "UNKNOWN" : value !== true,
  );
}
