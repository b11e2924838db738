import type { Finding } from "../finding.ts";
import { apiText } from "../tenant/apis.ts";
import type { Tenant } from "../tenant/model.ts";
import { byText, grouped } from "../tenant/order.ts";
import { type Callers, callersKey, callersText } from "./callers.ts";
import type { EnvironmentsOf, ServiceHost } from "./domains.ts";
import type { GrantableApi } from "./grantable.ts";
import { idSuffix, nameOf, slug } from "./names.ts";
import type { Caller, WrittenApi, WrittenGrant } from "./objects.ts";

/** Bounds of the schema of an ApiGrant. */
const MAX = { apis: 32, hosts: 8, applications: 256 } as const;

/** The entry of grants that no caller may use: an ApiGrant needs at least one application. */
const NO_APPLICATION: Caller = { name: "no-application" };

/** What the grants of one environment of one service are made from. */
interface Scope {
  readonly service: string;
  readonly serviceName: string;
  readonly environment: string;
  readonly hosts: readonly string[];
}

/** An API in an environment, with those who may call it. */
interface BoundApi {
  readonly planned: GrantableApi;
  readonly callers: readonly Caller[];
  readonly expiresAt: string | undefined;
  readonly isHeld: boolean;
}

/**
 * The grants. A grant is all its APIs times all its applications, while bindings are single pairs: so only APIs with equal
 * sets of applications share a grant, and APIs that no caller may use keep their paths in a suspended one.
 */
export function planGrants(
  tenant: Tenant,
  apis: ReadonlyMap<string, GrantableApi>,
  callers: Callers,
  hosts: readonly ServiceHost[],
  environmentsOf: EnvironmentsOf,
  findings: Finding[],
): readonly WrittenGrant[] {
  const apisOf = grouped([...apis.values()], ({ api }) => api.service);
  const grants = [...apisOf].flatMap(([service, planned]) =>
    (environmentsOf(service) ?? []).flatMap((environment) => {
      const scope = scopeOf(tenant, service, environment, hosts);
      const bound = planned.flatMap((one) => boundApi(one, environment, callers, findings));
      return scope.hosts.length === 0 ? [] : grantsOf(scope, bound);
    }),
  );
  return grants.sort((a, b) => byText(a.name, b.name));
}

function scopeOf(tenant: Tenant, service: string, environment: string, hosts: readonly ServiceHost[]): Scope {
  const own = hosts.filter(
    (one) => one.service === service && one.environments.some(({ name }) => name === environment),
  );
  const serviceName = tenant.services.get(service)?.name ?? "";
  return { service, serviceName, environment, hosts: [...new Set(own.map(({ host }) => host))] };
}

/** None for an API that did not exist in the environment, or that no path stands for. */
function boundApi(
  planned: GrantableApi,
  environment: string,
  all: Callers,
  findings: Finding[],
): readonly BoundApi[] {
  const { api, use, isOpen, namesCallers, paths, restrictions } = planned;
  if (paths.length === 0 || api.environments?.has(environment) === false) return [];
  const bound = all.get(callersKey(api.id, environment)) ?? [];
  const isRestricted = restrictions.some((one) => one.environment === "" || one.environment === environment);
  const isHeld = bound.length === 0 || (use === "held" && (!namesCallers || isRestricted || !isOpen));
  if (bound.length === 0 && use === "granted")
    findings.push({
      level: "note",
      code: "NoCaller",
      subject: `${apiText(api)} in ${environment}`,
      text: "no application that can be carried over is bound to it; a suspended grant keeps its paths from wider ones",
      from: [api.from],
    });
  if (bound.length === 0 || (isHeld && !(namesCallers && isOpen)))
    return [{ planned, isHeld, callers: [], expiresAt: undefined }];
  return bound.map((until) => ({ planned, isHeld, ...until }));
}

function grantsOf(scope: Scope, bound: readonly BoundApi[]): readonly WrittenGrant[] {
  const groups = grouped(bound, ({ isHeld, ...until }) => `${isHeld} ${callersText([until])}`);
  return [...groups.values()].flatMap((group) => {
    const [first] = group as [BoundApi, ...BoundApi[]];
    const sorted = group.map(({ planned }) => planned).toSorted((a, b) => byText(a.api.id, b.api.id));
    return chunks(sorted, MAX.apis).flatMap((apis) => grantsOfApis(scope, apis, first));
  });
}

/** One grant for each of up to 256 applications and up to 8 hosts; the first has the plain name. */
function grantsOfApis(
  scope: Scope,
  apis: readonly GrantableApi[],
  { isHeld, callers, expiresAt }: Omit<BoundApi, "planned">,
): readonly WrittenGrant[] {
  const until = expiresAt === undefined ? "" : `-until-${expiresAt.replaceAll(/\D/g, "")}`;
  const base = grantName(scope, apis, until + (isHeld ? (callers.length === 0 ? "-reserved" : "-held") : ""));
  const parts = chunks(callers.length === 0 ? [NO_APPLICATION] : callers, MAX.applications).flatMap(
    (applications) => chunks(scope.hosts, MAX.hosts).map((hosts) => ({ applications, hosts })),
  );
  return parts.map(({ applications, hosts }, index) => ({
    name: index === 0 ? base : `${base}-${index + 1}`,
    environment: scope.environment,
    apis: apis.map((one) => writtenApi(one, hosts)),
    applications,
    expiresAt,
    isSuspended: isHeld,
  }));
}

/** The service, the environment, and the ids of the service and of the first API: so a change of the applications changes no name. */
function grantName(
  { service, serviceName, environment }: Scope,
  apis: readonly GrantableApi[],
  end: string,
): string {
  const first = idSuffix(apis[0]?.api.id ?? "");
  return `${slug(serviceName, 24) || "service"}-${slug(environment, 12)}-${idSuffix(service)}-${first}${end}`;
}

function writtenApi({ api, paths, methods }: GrantableApi, hosts: readonly string[]): WrittenApi {
  const name = nameOf(api.name, api.id, "api");
  return { name, hosts, paths, ...(methods.length === 0 ? {} : { methods }) };
}

function chunks<T>(items: readonly T[], size: number): readonly (readonly T[])[] {
  const count = Math.ceil(items.length / size);
  return Array.from({ length: count }, (_, index) => items.slice(index * size, (index + 1) * size));
}
