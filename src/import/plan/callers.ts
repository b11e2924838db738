import { placeText } from "../facts.ts";
import type { Finding } from "../finding.ts";
import { apiText } from "../tenant/apis.ts";
import type { Tenant, VendorBinding } from "../tenant/model.ts";
import { byText, grouped, timeOf } from "../tenant/order.ts";
import { applicationName } from "./applications.ts";
import type { EnvironmentsOf } from "./domains.ts";
import type { Caller } from "./objects.ts";
import type { PlanOptions } from "./options.ts";

/** Who may call an API in an environment, by `api environment`: by the end of their bindings, sorted. */
export type Callers = ReadonlyMap<string, readonly CallersUntil[]>;

/** Callers whose bindings end at the same time. */
export interface CallersUntil {
  /** As `spec.expiresAt` has it; undefined for bindings without end. */
  readonly expiresAt: string | undefined;
  readonly callers: readonly Caller[];
}

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
  const granted: GrantedBinding[] = [];
  for (const binding of tenant.bindings) {
    const caller = callerOf(binding, tenant, options);
    const end = timeOf(binding.expires);
    if (!tenant.apis.has(binding.api)) left.add("ApiMissing", binding.api, binding);
    else if (!isLive(binding, tenant, environmentsOf, options))
      left.add("NotReleased", callersKey(binding.api, binding.environment), binding);
    else if (caller === undefined) left.add("Partner", binding.application, binding);
    else if (binding.expires !== "" && end === undefined)
      left.add("ExpiryUnknown", callersKey(binding.api, binding.environment), binding);
    else granted.push({ key: callersKey(binding.api, binding.environment), caller, end });
  }
  findings.push(...left.findings(tenant));
  return new Map([...grouped(granted, ({ key }) => key)].map(([key, all]) => [key, byEnd(all)]));
}

interface GrantedBinding {
  readonly key: string;
  readonly caller: Caller;
  /** Milliseconds; undefined for a binding without end. */
  readonly end: number | undefined;
}

function byEnd(all: readonly GrantedBinding[]): readonly CallersUntil[] {
  return [...grouped(all, ({ end }) => expiryText(end) ?? "").values()].map((group) => ({
    expiresAt: expiryText(group[0]?.end),
    callers: sortedCallers(new Map(group.map(({ caller }) => [callerText(caller), caller]))),
  }));
}

/** `2027-01-01T00:00:00Z`. */
function expiryText(end: number | undefined): string | undefined {
  return end === undefined ? undefined : new Date(end).toISOString().replace(/\.\d+Z$/, "Z");
}

/** All callers of an API in an environment as text, with the ends of their bindings. */
export function callersText(all: readonly CallersUntil[] | undefined): string {
  return (all ?? [])
    .map(({ expiresAt, callers }) => `${expiresAt ?? ""} ${callers.map(callerText).join(",")}`)
    .join(";");
}

/** A caller as text: equal for equal callers. */
function callerText(caller: Caller): string {
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
  { gateway, assumesReleased }: PlanOptions,
): boolean {
  const known = tenant.apis.get(api);
  if (!known || !(environmentsOf(known.service)?.includes(environment) ?? false)) return false;
  return known.environments?.has(environment) ?? (assumesReleased || !gateway.rules.releasesEachApi);
}

type Reason = "ApiMissing" | "NotReleased" | "Partner" | "ExpiryUnknown";

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
  ExpiryUnknown: ({ api, environment, expires }, all) => ({
    subject: `API ${api} in ${environment}`,
    text: `the bindings of ${listed(all.map(({ application }) => application))} have an end that is no time (${expires}): they are not granted; write a grant with expiresAt`,
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
