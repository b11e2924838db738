import type { Gateway } from "../gateway/gateway.ts";
import type { Tenant } from "../tenant/model.ts";
import type { PlanOptions } from "./options.ts";

/** Whose a host is. */
interface Owner {
  readonly service: string;
  /** The one environment of the host; "" for a host that the gateway's own rule gives its environments. */
  readonly environment: string;
}

/** Hosts of `--host` that cannot be used, as sentences. */
export function hostProblems(tenant: Tenant, { hosts, gateway }: PlanOptions): readonly string[] {
  const owners = ownersOf(tenant, gateway);
  const taken = new Map([...owners].filter(([host]) => !hosts.has(host)));
  return [...hosts].flatMap(([old, host]) => {
    const [oldHost = "", environment = ""] = old.split("/");
    const service = owners.get(oldHost)?.service;
    if (service === undefined)
      return [`--host ${old}=${host}: no service in the files has the host ${oldHost}`];
    const other = taken.get(host);
    taken.set(host, { service, environment });
    const problem = other && problemOf(host, { service, environment }, other);
    return problem === undefined ? [] : [`--host ${old}=${host}: ${problem}`];
  });
}

function problemOf(host: string, owner: Owner, other: Owner): string | undefined {
  if (other.service !== owner.service)
    return `${host} is the host of another service (${other.service}), and their paths would compete: choose a host for each service`;
  return other.environment === owner.environment
    ? undefined
    : `${host} is already a host of another environment, and host and path choose the environment: choose a host for each`;
}

function ownersOf({ services, domains }: Tenant, { rules }: Gateway): ReadonlyMap<string, Owner> {
  const owners = new Map<string, Owner>();
  for (const { id: service, defaultHosts } of services.values())
    for (const host of defaultHosts) owners.set(host, { service, environment: "" });
  for (const { host, service, mappings = [] } of domains) {
    const [only, ...more] = mappings;
    const isOne = rules.releasesEachApi && only?.path === "/" && more.length === 0;
    owners.set(host, { service, environment: isOne ? only.environment : "" });
  }
  return owners;
}
