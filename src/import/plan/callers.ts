import { placeText } from "../facts.ts";
import type { Finding } from "../finding.ts";
import { apiText } from "../tenant/apis.ts";
import type { Tenant, VendorBinding } from "../tenant/model.ts";
import { byText, grouped } from "../tenant/order.ts";
import { applicationName } from "./applications.ts";
import type { EnvironmentsOf } from "./domains.ts";
import type { Caller } from "./objects.ts";
import type { PlanOptions } from "./options.ts";

/** Who may call an API in an environment, by `api environment`; sorted. */
export type Callers = ReadonlyMap<string, readonly Caller[]>;

/** The key of an API in an environment. */
export function callersKey(api: string, environment: string): string {
  return `${api} ${environment}`;
}

/** Sorts bindings into those that become grants and those that do not, which are reported together by their reason. */
export function planCallers(
  tenant: Tenant,
  environmentsOf: EnvironmentsOf,
  options: PlanOptions,
  findings: Finding[],
): Callers {
  const left = new LeftBindings();
  const callers = new Map<string, Map<string, Caller>>();
  for (const binding of tenant.bindings) {
    const caller = callerOf(binding, tenant, options);
    if (!tenant.apis.has(binding.api)) left.add("ApiMissing", binding.api, binding);
    else if (!isLive(binding, tenant, environmentsOf))
      left.add("NotReleased", callersKey(binding.api, binding.environment), binding);
    else if (caller === undefined) left.add("Partner", binding.application, binding);
    else {
      const key = callersKey(binding.api, binding.environment);
      const known = callers.get(key) ?? new Map<string, Caller>();
      callers.set(key, known.set(callerText(caller), caller));
    }
  }
  findings.push(...left.findings(tenant));
  return new Map([...callers].map(([key, known]) => [key, sortedCallers(known)]));
}

/** A caller as text: equal for equal callers. */
export function callerText(caller: Caller): string {
  return "name" in caller ? caller.name : `${caller.applicationId} ${caller.namespace ?? ""}`;
}

function sortedCallers(known: ReadonlyMap<string, Caller>): readonly Caller[] {
  return [...known].sort(([a], [b]) => byText(a, b)).map(([, caller]) => caller);
}

/** Undefined for an application that no file has and that is no known partner. */
function callerOf(
  { application }: VendorBinding,
  tenant: Tenant,
  { partners }: PlanOptions,
): Caller | undefined {
  const own = tenant.applications.get(application);
  return own ? { name: applicationName(own) } : partners.get(application);
}

/** Whether requests to the API in this environment had a response: service and API are released there. */
function isLive(
  { api, environment }: VendorBinding,
  tenant: Tenant,
  environmentsOf: EnvironmentsOf,
): boolean {
  const known = tenant.apis.get(api);
  if (!known || !(environmentsOf(known.service)?.includes(environment) ?? false)) return false;
  return known.environments?.has(environment) ?? true;
}

type Reason = "ApiMissing" | "NotReleased" | "Partner";

/** Bindings that become no grant. One line for each API or partner, not for each binding. */
class LeftBindings {
  readonly #all: { readonly reason: Reason; readonly key: string; readonly binding: VendorBinding }[] = [];

  add(reason: Reason, key: string, binding: VendorBinding): void {
    this.#all.push({ reason, key, binding });
  }

  findings(tenant: Tenant): readonly Finding[] {
    return [...grouped(this.#all, ({ reason, key }) => `${reason} ${key}`).values()].map((group) => {
      const [{ reason, binding }] = group as [(typeof group)[number], ...typeof group];
      const bindings = group.map((one) => one.binding);
      return {
        level: "decision",
        code: reason,
        ...TEXTS[reason](binding, bindings, tenant),
        from: places(bindings),
      };
    });
  }
}

type Text = (
  first: VendorBinding,
  all: readonly VendorBinding[],
  tenant: Tenant,
) => { readonly subject: string; readonly text: string };

const TEXTS: Readonly<Record<Reason, Text>> = {
  Partner: ({ application, applicationName: name }, all) => ({
    subject: `application ${name === "" ? application : `${name} (${application})`}`,
    text: `no file has it: it belongs to another account, or a page of the export is missing. It was bound to ${listed(all.map(({ api, environment }) => `${api} in ${environment}`))}. Once its owner has an Application here, give its applicationId with --partners`,
  }),
  ApiMissing: ({ api, service }, all) => ({
    subject: `API ${api} of ${service}`,
    text: `no file has its path: it is in another region, was deleted, or a page is missing. ${listed(all.map(({ application }) => application))} may not call it here`,
  }),
  NotReleased: ({ api, environment }, all, tenant) => {
    const known = tenant.apis.get(api);
    const what = known ? apiText(known) : `API ${api}`;
    const text = `it is not released in ${environment}, so the bindings of ${listed(all.map(({ application }) => application))} had no effect: they are not granted`;
    return { subject: `${what} in ${environment}`, text };
  },
};

function listed(texts: readonly string[]): string {
  const all = [...new Set(texts)].sort();
  return all.length <= 10 ? all.join(", ") : `${all.slice(0, 10).join(", ")} and ${all.length - 10} more`;
}

function places(bindings: readonly VendorBinding[]) {
  return bindings
    .map(({ from }) => from)
    .toSorted((a, b) => byText(placeText(a), placeText(b)))
    .slice(0, 3);
}
