import { decodedPath } from "../api/path.ts";
import type { GrantedApi } from "../projection/documents.ts";
import { FAILURES, type Failure, noApiMatch } from "../signing/failures.ts";
import { type Facts, type Place, placeOf } from "./facts.ts";
import type { GrantEntry } from "./grantEntry.ts";
import type { ApiClaims } from "./grants.ts";
import { gives } from "./ownership.ts";
import type { ProjectionIndex } from "./projectionIndex.ts";

/** Neither suspended nor expired; told only to who has signed. */
export function applicationMayCallNow({ key, now }: Facts): Failure | undefined {
  if (!key || key.application.suspended) return FAILURES.applicationSuspended;
  const { expiresAt } = key.application;
  return expiresAt !== undefined && !(now < Date.parse(expiresAt)) ? FAILURES.applicationExpired : undefined;
}

/** The most specific path that an owner of the host claims; methods are looked at once it has won. */
export function apiIsKnown(facts: Facts): Failure | undefined {
  const { place, request } = facts;
  const claims = claimsAt(facts, place);
  if (claims && someApi(claims, (_, api) => allowsMethod(api, request.method))) facts.claims = claims;
  return facts.claims ? undefined : noApiMatch(facts.path, request.authority);
}

function claimsAt({ host, index }: Facts, place: Place | undefined): ApiClaims | undefined {
  const domain = host === undefined ? undefined : index.domains.ownerOf(host);
  if (host === undefined || !place || !domain) return undefined;
  return index.grants.match(host, place.environment, place.rest, ({ document }) => gives(domain, document));
}

/** An upstream may decode escapes that the proxy left: `/%61dmin` must not pass by a grant of `/`, where another names `/admin`. */
export function pathNamesOneApi(facts: Facts): Failure | undefined {
  const { path, place, claims } = facts;
  const decoded = decodedPath(path);
  if (decoded === path) return undefined;
  const other = placeOf(facts, decoded);
  const same = other?.environment === place?.environment && areSameClaims(claims, claimsAt(facts, other));
  return same ? undefined : FAILURES.unsafePath;
}

function areSameClaims(a: ApiClaims | undefined, b: ApiClaims | undefined): boolean {
  return (
    a !== undefined &&
    a.claims.length === b?.claims.length &&
    a.claims.every((grants, index) => grants === b.claims[index])
  );
}

/** When the proxy's route names API or environment, it must be the one that host and path name. */
export function contextAgrees({ context, place, claims }: Facts): Failure | undefined {
  const environment = context.get("environment");
  const api = context.get("api");
  const agrees =
    (environment === undefined || environment === place?.environment) &&
    (api === undefined ||
      (claims !== undefined && someApi(claims, (grant, one) => apiName(grant, one) === api)));
  return agrees ? undefined : FAILURES.contextMismatch;
}

/** A grant of the winning path is meant for the caller, in force, and allows the method. */
export function apiIsGranted(facts: Facts): Failure | undefined {
  const { key, claims, index, now, request, context } = facts;
  if (!key || !claims) return FAILURES.apiNotGranted;
  const named = context.get("api");
  facts.admitted = index.grants.meantFor(key.application, claims).flatMap(([grant, apis]) => {
    const api = apis.find(
      (one) => allowsMethod(one, request.method) && (named === undefined || named === apiName(grant, one)),
    );
    return api && grant.isInForce(now) ? [{ grant, api }] : [];
  });
  if (facts.admitted.length > 0) return undefined;
  return isBoundToAnybody(claims, index) ? FAILURES.apiNotGranted : FAILURES.noApplicationBound;
}

function someApi(claims: ApiClaims, holds: (grant: GrantEntry, api: GrantedApi) => boolean): boolean {
  return claims.claims.some((grants) => {
    for (const [grant, apis] of grants) if (apis.some((api) => holds(grant, api))) return true;
    return false;
  });
}

/** Whether any Application that exists is named; at most so many names are looked at, so that a refusal stays cheap. */
function isBoundToAnybody({ claims }: ApiClaims, index: ProjectionIndex): boolean {
  let left = 1_000;
  for (const grants of claims) {
    for (const grant of grants.keys()) {
      if (grant.hasSelectors || [...grant.ids.keys()].some((id) => index.applications.has(id))) return true;
      if ([...grant.names].some((name) => index.applications.hasName(grant.document.namespace, name)))
        return true;
      left -= grant.ids.size + grant.names.size;
      if (left < 0) return true;
    }
  }
  return false;
}

function allowsMethod(api: GrantedApi, method: string): boolean {
  return api.methods.length === 0 || api.methods.includes(method);
}

/** How a proxy's context names an API: namespace/name. */
export function apiName(grant: GrantEntry, api: GrantedApi): string {
  return `${grant.document.namespace}/${api.name}`;
}
