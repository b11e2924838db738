import type { ApiGrantSpec } from "../../api/apiGrant.ts";
import type { HttpRoute } from "../../api/httpRoute.ts";
import { environmentOf } from "../../policy/ownership.ts";
import type { ApiDomainProjection, GrantedApi, GrantedPath } from "../../projection/documents.ts";
import { type ReadRule, readRule, type TargetProblem } from "./rules.ts";

/** What the targets of a grant come to. */
export interface Targets {
  readonly apis: readonly GrantedApi[];
  readonly hosts: readonly string[];
  readonly problems: readonly TargetProblem[];
}

/** What targets are resolved with. */
export interface TargetWorld {
  readonly route: (name: string) => HttpRoute | undefined;
  /** Whether HTTPRoutes can be seen at all. */
  readonly isServed: boolean;
  /** The ApiDomains that apply under a host, if all of them are this namespace's: one, but for a wildcard. Empty: none is. */
  readonly domainsOf: (host: string) => readonly ApiDomainProjection[];
}

/** Such a method nobody can send, so the path is claimed and opens to nobody. */
const NO_METHOD = "(none)";

/**
 * Reads hosts, paths and methods of the HTTPRoutes that a grant targets. A rule with a match that is not understood is not granted;
 * its path is still claimed, so that a wider rule does not open it. A host that is not this namespace's has no paths.
 */
export function resolveTargets(
  { targetRefs = [], apis, environment }: ApiGrantSpec,
  world: TargetWorld,
): Targets {
  const [api = { name: "" }] = apis;
  const found = targetRefs.map(({ name }) => resolveTarget(name, { api, environment }, world));
  return {
    apis: found.flatMap((one) => one.apis),
    hosts: [...new Set(found.flatMap(({ hosts }) => hosts))],
    problems: found.flatMap(({ problems }) => problems),
  };
}

interface Wanted {
  readonly api: { readonly name: string; readonly methods?: readonly string[] };
  readonly environment: string;
}

function resolveTarget(name: string, wanted: Wanted, world: TargetWorld): Targets {
  const route = world.route(name);
  if (!route) return without(world.isServed ? notFound(name) : MISSING);
  if (route.hostnames.length === 0) return without(hostnamesRequired(name));
  const rules = route.rules.map((rule, index) => readRule(rule, `HTTPRoute ${name}, rule ${index + 1}`));
  const hosts = route.hostnames.map((host) => resolveHost(host, rules, wanted, world));
  return {
    apis: merged(hosts.flatMap(({ apis }) => apis)),
    hosts: route.hostnames,
    problems: [...rules.flatMap(({ problems }) => problems), ...hosts.flatMap(({ problems }) => problems)],
  };
}

function resolveHost(
  host: string,
  rules: readonly ReadRule[],
  { api, environment }: Wanted,
  { domainsOf }: TargetWorld,
): Pick<Targets, "apis" | "problems"> {
  const domains = domainsOf(host);
  const nothing = { name: api.name, hosts: [host], paths: [], methods: [] };
  if (new Set(domains.map(({ environments }) => JSON.stringify(environments))).size > 1)
    return { apis: [nothing], problems: [ambiguous(host)] };
  const [domain] = domains;
  // That the ApiDomain has no such environment is said of the host, once, and not of each rule.
  if (!domain?.environments.some(({ name }) => name === environment))
    return { apis: [nothing], problems: [] };
  const apis: GrantedApi[] = [];
  const problems: TargetProblem[] = [];
  for (const { matches, where } of rules) {
    for (const { path, methods, isGranted } of matches) {
      const value = cut(path.value, environment, domain);
      if (value === undefined) {
        if (isGranted) problems.push(outside(where, path.value, environment, host));
        continue;
      }
      const opened = isGranted ? narrowed(methods, api.methods ?? []) : [NO_METHOD];
      apis.push({ name: api.name, hosts: [host], paths: [{ ...path, value }], methods: opened });
    }
  }
  return { apis: apis.length > 0 ? apis : [nothing], problems };
}

/** The path behind the environment's prefix; undefined when it lies in another environment or in none. */
function cut(path: string, environment: string, domain: ApiDomainProjection): string | undefined {
  const place = environmentOf(domain, path);
  return place?.environment.name === environment ? place.rest : undefined;
}

/** Methods that both lists allow; an empty list allows all. */
function narrowed(a: readonly string[], b: readonly string[]): readonly string[] {
  if (a.length === 0 || b.length === 0) return a.length === 0 ? b : a;
  const both = a.filter((method) => b.includes(method));
  return both.length > 0 ? both : [NO_METHOD];
}

/** Hosts with the same paths and methods are one api, and so are paths with the same hosts and methods: the document stays small. */
function merged(apis: readonly GrantedApi[]): readonly GrantedApi[] {
  const byMethods = together(
    apis,
    ({ name, hosts, methods }) => [name, hosts, methods],
    (a, b) => ({
      ...a,
      paths: [...a.paths, ...b.paths].filter(isFirst),
    }),
  );
  return together(
    byMethods,
    ({ name, paths, methods }) => [name, paths, methods],
    (a, b) => ({
      ...a,
      hosts: [...a.hosts, ...b.hosts],
    }),
  );
}

function together(
  apis: readonly GrantedApi[],
  by: (api: GrantedApi) => unknown,
  join: (a: GrantedApi, b: GrantedApi) => GrantedApi,
): readonly GrantedApi[] {
  const groups = new Map<string, GrantedApi>();
  for (const api of apis) {
    const key = JSON.stringify(by(api));
    const before = groups.get(key);
    groups.set(key, before ? join(before, api) : api);
  }
  return [...groups.values()];
}

function isFirst(path: GrantedPath, at: number, all: readonly GrantedPath[]): boolean {
  return all.findIndex(({ type, value }) => type === path.type && value === path.value) === at;
}

function without(problem: TargetProblem): Targets {
  return { apis: [], hosts: [], problems: [problem] };
}

const MISSING: TargetProblem = {
  reason: "GatewayApiMissing",
  message:
    "No HTTPRoutes can be seen: install Gateway API, or give the operator the right to list them; it is looked for again each minute",
};

function notFound(name: string): TargetProblem {
  return { reason: "TargetNotFound", message: `There is no HTTPRoute ${name} in this namespace` };
}

function hostnamesRequired(name: string): TargetProblem {
  const message = `HTTPRoute ${name} has no hostnames, so nobody can tell whose hosts it means: write its hostnames`;
  return { reason: "HostnamesRequired", message };
}

function outside(where: string, path: string, environment: string, host: string): TargetProblem {
  const message = `${where}: path ${path} does not lie in environment ${environment} of ${host}: name the grant's environment after the path's prefix, or move the path`;
  return { reason: "PathOutsideEnvironment", message };
}

function ambiguous(host: string): TargetProblem {
  const message = `Hostname ${host}: ApiDomains under it have different environments; write the hostnames one by one`;
  return { reason: "UnsupportedMatch", message };
}
