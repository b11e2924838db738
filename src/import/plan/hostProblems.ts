import type { Tenant } from "../tenant/model.ts";
import type { PlanOptions } from "./options.ts";

/** Hosts of `--host` that cannot be used, as sentences. */
export function hostProblems(tenant: Tenant, { hosts }: PlanOptions): readonly string[] {
  const owners = ownersOf(tenant);
  const taken = new Map(
    [...owners]
      .filter(([host]) => !hosts.has(host))
      .map(([host, service]) => [host, { service, environment: "" }]),
  );
  return [...hosts].flatMap(([old, host]) => {
    const [oldHost = "", environment = ""] = old.split("/");
    const service = owners.get(oldHost);
    if (service === undefined)
      return [`--host ${old}=${host}: no service in the files has the host ${oldHost}`];
    const other = taken.get(host);
    taken.set(host, { service, environment });
    if (other === undefined) return [];
    if (other.service !== service)
      return [
        `--host ${old}=${host}: ${host} is the host of another service (${other.service}), and their paths would compete: choose a host for each service`,
      ];
    return other.environment === environment
      ? []
      : [
          `--host ${old}=${host}: ${host} is already a host of another environment, and host and path choose the environment: choose a host for each`,
        ];
  });
}

function ownersOf({ services, domains }: Tenant): ReadonlyMap<string, string> {
  const owners = new Map<string, string>();
  for (const { id, defaultHosts } of services.values()) for (const host of defaultHosts) owners.set(host, id);
  for (const { host, service } of domains) owners.set(host, service);
  return owners;
}
