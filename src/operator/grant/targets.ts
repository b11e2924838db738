import type { ApiGrantSpec } from "../../api/apiGrant.ts";
import type { HttpRoute } from "../../api/httpRoute.ts";
import type { DomainEntry } from "../../policy/index/domainEntry.ts";
import { placeIn } from "../../policy/place.ts";
import type { GrantedApi, GrantedPath } from "../../projection/documents.ts";
import { type ReadRule, readRule, type TargetProblem } from "./rules.ts";

/** The result of resolving the targetRefs of a grant. */
export interface Targets {
  readonly apis: readonly GrantedApi[];
  readonly hosts: readonly string[];
  readonly problems: readonly TargetProblem[];
}

/** The lookups that targetRefs are resolved with. */
export interface TargetWorld {
  readonly route: (name: string) => HttpRoute | undefined;
  /** Whether HTTPRoutes can be listed at all. */
  readonly isServed: boolean;
  /** The ApiDomains under a host that assign it to this namespace: at most one for a host, several for a wildcard. */
  readonly domainsOf: (host: string) => readonly DomainEntry[];
}

/** Not a valid HTTP method, so a path with it is owned by the grant but matches no request. */
const NO_METHOD = "(none)";

/**
 * Reads hosts, paths and methods of the HTTPRoutes that a grant targets. A rule with an unsupported match is not granted;
 * the grant still owns its path, so that a wider rule does not open it. A host of another namespace gets no paths.
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
  // A missing environment is reported once for the host, not once per rule.
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
      const opened = isGranted ? intersectMethods(methods, api.methods ?? []) : [NO_METHOD];
      apis.push({ name: api.name, hosts: [host], paths: [{ ...path, value }], methods: opened });
    }
  }
  return { apis: apis.length > 0 ? apis : [nothing], problems };
}

/** The path below the environment's prefix. Undefined if it is in another environment or in none. */
function cut(path: string, environment: string, domain: DomainEntry): string | undefined {
  const place = placeIn(domain, path);
  return place?.environment === environment ? place.rest : undefined;
}

/** Methods that both lists allow; an empty list allows all. */
function intersectMethods(a: readonly string[], b: readonly string[]): readonly string[] {
  if (a.length === 0 || b.length === 0) return a.length === 0 ? b : a;
  const both = a.filter((method) => b.includes(method));
  return both.length > 0 ? both : [NO_METHOD];
}

/** Merges APIs with equal hosts and methods, then APIs with equal paths and methods, to keep the document small. */
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
    "HTTPRoutes cannot be listed: install Gateway API, or grant the operator the permission to list them; the operator retries every minute",
};

function notFound(name: string): TargetProblem {
  return { reason: "TargetNotFound", message: `HTTPRoute ${name} does not exist in this namespace` };
}

function hostnamesRequired(name: string): TargetProblem {
  const message = `HTTPRoute ${name} has no hostnames, so the owner of its hosts cannot be determined: set its hostnames`;
  return { reason: "HostnamesRequired", message };
}

function outside(where: string, path: string, environment: string, host: string): TargetProblem {
  const message = `${where}: path ${path} is not in environment ${environment} of ${host}: set the grant's environment to the one with the path's prefix, or move the path`;
  return { reason: "PathOutsideEnvironment", message };
}

function ambiguous(host: string): TargetProblem {
  const message = `Hostname ${host}: ApiDomains under it have different environments; list the hostnames one by one`;
  return { reason: "UnsupportedMatch", message };
}
