import type { Finding } from "../finding.ts";
import type { Tenant } from "../tenant/model.ts";
import { grouped } from "../tenant/order.ts";
import type { ServiceHost } from "./domains.ts";
import type { PlanOptions } from "./options.ts";

/** Default hosts without a new one: they belong to the vendor, so their callers have to change. */
export function dyingHosts(
  hosts: readonly ServiceHost[],
  tenant: Tenant,
  { hosts: renamed }: PlanOptions,
): readonly Finding[] {
  const bindings = grouped(tenant.bindings, ({ service }) => service);
  return hosts
    .filter(({ isDefault, oldHost }) => isDefault && !renamed.has(oldHost))
    .map(({ oldHost, service }) => {
      const callers = new Set((bindings.get(service) ?? []).map(({ application }) => application));
      const names = [...callers].map((id) => tenant.applications.get(id)?.name || id).sort();
      const shown =
        names.length > 10
          ? `${names.slice(0, 10).join(", ")} and ${names.length - 10} more`
          : names.join(", ");
      const who =
        names.length === 0 ? "no application is bound to the service" : `bound to the service: ${shown}`;
      return {
        level: "decision",
        code: "HostDies",
        subject: `host ${oldHost} of ${service}`,
        text: `it ends with the vendor's gateway. Give callers another host and import with --host ${oldHost}=NEW (${who}). Its ApiDomain serves tests with captured requests`,
        from: [],
      };
    });
}
