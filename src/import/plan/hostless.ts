import type { Finding } from "../finding.ts";
import type { Tenant } from "../tenant/model.ts";
import { byText, grouped } from "../tenant/order.ts";
import type { EnvironmentsOf, ServiceHost } from "./domains.ts";

/** Released environments with bindings that no host has, so that nothing of them is granted. */
export function hostlessEnvironments(
  hosts: readonly ServiceHost[],
  tenant: Tenant,
  environmentsOf: EnvironmentsOf,
): readonly Finding[] {
  const bound = grouped(tenant.bindings, ({ service, environment }) => `${service} ${environment}`);
  return [...bound.values()].flatMap(([binding]) => {
    if (!binding || !environmentsOf(binding.service)?.includes(binding.environment)) return [];
    const { service, environment, from } = binding;
    const own = hosts.filter((host) => host.service === service);
    if (own.some((host) => host.environments.some(({ name }) => name === environment))) return [];
    const name = tenant.services.get(service)?.name ?? "";
    const [old = "HOST"] = own.map(({ oldHost }) => oldHost).toSorted(byText);
    const finding: Finding = {
      level: "decision",
      code: "HostMissing",
      subject: `${environment} of service ${name === "" ? service : `${name} (${service})`}`,
      text: `no host stands for it, so nothing of it is granted: host and path choose the environment here, and no header does. Give its callers a host, and import with --host ${old}/${environment.toUpperCase()}=NEW`,
      from: [from],
    };
    return [finding];
  });
}
