import type { Finding } from "../finding.ts";
import type { Tenant } from "../tenant/model.ts";
import { planApplications } from "./applications.ts";
import { planCallers } from "./callers.ts";
import { planHosts, type ServiceHost } from "./domains.ts";
import { dyingHosts } from "./dyingHosts.ts";
import { planEnvironments } from "./environments.ts";
import { planApis } from "./grantable.ts";
import { planGrants } from "./grants.ts";
import { hostlessEnvironments } from "./hostless.ts";
import type { PlannedObjects } from "./objects.ts";
import type { PlanOptions } from "./options.ts";
import { narrowed } from "./paths/narrowed.ts";
import { overlaps } from "./paths/overlaps.ts";
import { separated } from "./paths/sharedPaths.ts";

/** The objects of a tenant, and everything that needs a person. */
export interface Plan extends PlannedObjects {
  readonly findings: readonly Finding[];
}

/** Plans the objects of a tenant: the same tenant gives the same objects, and no caller may use more than at the vendor. */
export function planTenant(tenant: Tenant, options: PlanOptions): Plan {
  const findings: Finding[] = [];
  const environmentsOf = planEnvironments(tenant, options, findings);
  const hosts = planHosts(tenant, options, environmentsOf, findings);
  const apis = separated(planApis(tenant, options, findings), findings);
  const callers = planCallers(tenant, environmentsOf, options, findings);
  const applications = planApplications(tenant.applications.values(), findings);
  const grants = planGrants(tenant, apis, callers, hosts, environmentsOf, findings);
  if (options.gateway.rules.releasesEachApi)
    findings.push(...hostlessEnvironments(hosts, tenant, environmentsOf));
  findings.push(...dyingHosts(hosts, tenant, options));
  findings.push(...overlaps(apis, callers, environmentsOf, options.isNarrow));
  if (options.isNarrow) findings.push(...narrowed(apis.values()));
  return { applications, grants, domains: uniqueHosts(hosts), findings };
}

/** A host that two old hosts of one service are mapped to is one domain. */
function uniqueHosts(hosts: readonly ServiceHost[]) {
  return hosts
    .filter(({ host }, index) => hosts.findIndex((other) => other.host === host) === index)
    .map(({ name, host, environments }) => ({ name, host, environments }));
}
