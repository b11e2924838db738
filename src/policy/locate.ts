import { decodedPath } from "../api/path.ts";
import type { GrantedApi } from "../projection/documents.ts";
import type { Denial } from "../signing/scheme.ts";
import { DENIALS, noApiMatch } from "./denials.ts";
import type { GrantEntry } from "./index/grantEntry.ts";
import type { GrantTable, MatchedGrants } from "./index/grants.ts";
import type { DomainTable } from "./index/ownership.ts";
import { Steps } from "./index/paths/steps.ts";
import type { ProjectionIndex } from "./index/projectionIndex.ts";
import { type Place, placeOf } from "./place.ts";
import type { Target } from "./request.ts";

/** The API that a request is for, as the second stage found out. */
export interface Located {
  readonly place: Place;
  /** The grants that name the most specific path; at least one allows the method. */
  readonly matched: MatchedGrants;
}

/**
 * The second stage: some grant names host, path and method, an upstream that decodes escapes would read the same API, and
 * the proxy's route, where it names API or environment, names this one.
 */
export function locate(
  target: Target,
  place: Place | undefined,
  { domains }: ProjectionIndex,
  grants: GrantTable,
): Located | Denial {
  const { request, path } = target;
  const steps = new Steps();
  const matched = place && matchedAt(target, place, grants, steps);
  if (steps.areSpent) return DENIALS.costlyPath;
  if (!place || !matched || !someAllows(matched, request.method)) return noApiMatch(path, request.authority);
  const located = { place, matched };
  if (!namesOneApi(target, located, { domains, grants, steps })) return DENIALS.unsafePath;
  return agreesWithContext(target, place, matched) ? located : DENIALS.contextMismatch;
}

/**
 * The grants that name the most specific path at a place, among grants of namespaces that own the host. Undefined also if the
 * steps are spent before it is found.
 */
export function matchedAt(
  { host }: Target,
  { domain, environment, rest }: Place,
  grants: GrantTable,
  steps: Steps,
): MatchedGrants | undefined {
  if (host === undefined) return undefined;
  return grants.match(host, environment, rest, domain.gives, steps);
}

/** An upstream may decode escapes that the proxy left: `/%61dmin` must not pass by a grant of `/`, where another names `/admin`. */
function namesOneApi(
  target: Target,
  { place, matched }: Located,
  tables: { readonly domains: DomainTable; readonly grants: GrantTable; readonly steps: Steps },
): boolean {
  const { path, host } = target;
  if (!path.includes("%")) return true;
  const decoded = decodedPath(path);
  if (decoded === path) return true;
  const other = placeOf(tables.domains, host, decoded);
  if (other?.environment !== place.environment) return false;
  const found = matchedAt(target, other, tables.grants, tables.steps);
  return found?.length === matched.length && matched.every((grants, at) => grants === found[at]);
}

/** When the proxy's route names API or environment, it must be the one that host and path name. */
function agreesWithContext({ context }: Target, place: Place, matched: MatchedGrants): boolean {
  const { environment, api } = context;
  if (environment !== undefined && environment !== place.environment) return false;
  return api === undefined || someIsNamed(matched, api);
}

function someIsNamed(matched: MatchedGrants, name: string): boolean {
  return someApi(matched, (grant, api) => apiName(grant, api) === name);
}

/** Whether an API of the matched grants has this method. In a loop of its own: each request comes by, and a closure is an object. */
function someAllows(matched: MatchedGrants, method: string): boolean {
  for (const grants of matched) {
    if (!grants.several) {
      if (oneAllows(grants.apis, method)) return true;
    } else for (const apis of grants.several.values()) if (oneAllows(apis, method)) return true;
  }
  return false;
}

function oneAllows(apis: readonly GrantedApi[], method: string): boolean {
  for (const api of apis) if (allowsMethod(api, method)) return true;
  return false;
}

/** Whether a condition holds for an API of the matched grants. */
export function someApi(
  matched: MatchedGrants,
  holds: (grant: GrantEntry, api: GrantedApi) => boolean,
): boolean {
  for (const grants of matched)
    for (const [grant, apis] of grants) for (const api of apis) if (holds(grant, api)) return true;
  return false;
}

/** Whether an API has this method; no methods mean all. */
export function allowsMethod({ methods }: GrantedApi, method: string): boolean {
  return methods.length === 0 || methods.includes(method);
}

/** How a proxy's context names an API: namespace/name. */
export function apiName(grant: GrantEntry, api: GrantedApi): string {
  return `${grant.namespace}/${api.name}`;
}
