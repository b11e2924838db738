import type { GrantedApi } from "../projection/documents.ts";
import type { Denial } from "../signing/scheme.ts";
import { DENIALS } from "./denials.ts";
import type { ApplicationTable, KeyEntry } from "./index/applications.ts";
import type { GrantEntry } from "./index/grantEntry.ts";
import { type CallerOfGrants, type GrantTable, isMeantFor, type MatchedGrants } from "./index/grants.ts";
import type { ProjectionIndex } from "./index/projectionIndex.ts";
import { allowsMethod, apiName, type Located } from "./locate.ts";
import type { Target } from "./request.ts";

/** The grant by which a request is allowed, as the last stage found out. */
export interface Admission {
  readonly grant: GrantEntry;
  readonly api: GrantedApi;
}

/** The Application that calls, and when it expires (epoch milliseconds). */
export type Caller = Pick<KeyEntry, "application" | "isSuspended" | "expiresAt">;

/** The Application is neither suspended nor expired. Revealed only to a caller that has signed. */
export function checkInForce({ isSuspended, expiresAt }: Caller, now: number): Denial | undefined {
  if (isSuspended) return DENIALS.applicationSuspended;
  return now < expiresAt ? undefined : DENIALS.applicationExpired;
}

/**
 * The last stage: a grant of the winning path is meant for the caller, in force, and allows the method. Of several the oldest
 * decides, then the first by namespace and name.
 */
export function authorize(
  target: Target,
  caller: CallerOfGrants,
  { matched }: Located,
  { applications }: ProjectionIndex,
  grants: GrantTable,
  now: number,
): Admission | Denial {
  let best: Admission | undefined;
  for (const named of matched) {
    if (!named.several) best = first(best, admissionBy(named.first, named.apis, target, caller, now));
    else
      for (const grant of grants.candidates(caller, named))
        best = first(best, admissionBy(grant, named.get(grant), target, caller, now));
  }
  return (
    best ?? (isBoundToAnybody(matched, applications) ? DENIALS.apiNotGranted : DENIALS.noApplicationBound)
  );
}

function admissionBy(
  grant: GrantEntry,
  apis: readonly GrantedApi[] | undefined,
  target: Target,
  caller: CallerOfGrants,
  now: number,
): Admission | undefined {
  const api = apis && isMeantFor(grant, caller) ? admittingApi(grant, apis, target, now) : undefined;
  return api && { grant, api };
}

function first(a: Admission | undefined, b: Admission | undefined): Admission | undefined {
  if (!a || !b) return a ?? b;
  return b.grant.isBefore(a.grant) ? b : a;
}

/** The first of a grant's APIs by which it admits the request, if the grant is in force. */
export function admittingApi(
  grant: GrantEntry,
  apis: readonly GrantedApi[],
  { request, context }: Target,
  now: number,
): GrantedApi | undefined {
  if (!grant.isInForce(now)) return undefined;
  for (const api of apis) {
    if (!allowsMethod(api, request.method)) continue;
    if (context.api === undefined || context.api === apiName(grant, api)) return api;
  }
  return undefined;
}

/** Whether any Application that exists is named; at most so many names are looked at, so that a denial stays cheap. */
function isBoundToAnybody(matched: MatchedGrants, applications: ApplicationTable): boolean {
  let left = 1_000;
  for (const grants of matched) {
    for (const grant of grants.keys()) {
      if (grant.hasSelectors || [...grant.ids.keys()].some((id) => applications.has(id))) return true;
      if ([...grant.names].some((name) => applications.hasName(grant.namespace, name))) return true;
      left -= grant.ids.size + grant.names.size;
      if (left < 0) return true;
    }
  }
  return false;
}
