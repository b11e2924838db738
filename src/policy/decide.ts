import type { ApplicationProjection, GrantedApi } from "../projection/documents.ts";
import { ALGORITHM_NAMES } from "../signing/algorithms.ts";
import { parseAuthorization } from "../signing/authorization.ts";
import { isInWindow } from "../signing/date.ts";
import { algorithmUnsupported, FAILURES, type Failure, noApiMatch } from "../signing/failures.ts";
import { checkSignedHeaders, signedDate, verifySignature } from "../signing/verify.ts";
import type { Allow, Decision } from "./decision.ts";
import {
  type Admission,
  type CheckedRequest,
  Facts,
  type Hints,
  type Place,
  placeOf,
  signingContextOf,
} from "./facts.ts";
import type { GrantEntry } from "./grantEntry.ts";
import type { ApiClaims } from "./grants.ts";
import { byAge, gives } from "./ownership.ts";
import { decodedPath, isSafePath } from "./pathSafety.ts";
import type { ProjectionIndex } from "./projectionIndex.ts";

const NO_HINTS: Hints = () => ({});

type Check = (facts: Facts) => Failure | undefined;

/** In this order; the first failure is the answer. Nothing about grants is told before a signature was valid. */
const CHECKS: readonly Check[] = [
  pathIsSafe,
  authorizationParses,
  keyIsKnown,
  algorithmIsAllowed,
  signedHeadersArePresentOnce,
  dateIsSignedAndInWindow,
  signatureMatches,
  applicationMayCallNow,
  apiIsKnown,
  pathNamesOneApi,
  contextAgrees,
  apiIsGranted,
];

/** Decides one request over the index at an instant (epoch milliseconds). Pure: the same arguments give the same decision. */
export function decide(
  checked: CheckedRequest,
  index: ProjectionIndex,
  now: number,
  hints: Hints = NO_HINTS,
): Decision {
  return examine(checked, index, now, hints).decision;
}

/** The decision, and all that was found out on the way to it. */
export function examine(
  checked: CheckedRequest,
  index: ProjectionIndex,
  now: number,
  hints: Hints = NO_HINTS,
): { readonly decision: Decision; readonly facts: Facts } {
  const facts = new Facts(checked, index, now, hints);
  for (const check of CHECKS) {
    const failure = check(facts);
    if (failure) return { decision: denied(failure, facts), facts };
  }
  return { decision: allowed(facts), facts };
}

function pathIsSafe({ path }: Facts): Failure | undefined {
  return isSafePath(path) ? undefined : FAILURES.unsafePath;
}

function authorizationParses(facts: Facts): Failure | undefined {
  const { headers } = facts.request;
  if (headers.count("authorization") > 1) return FAILURES.authorizationMalformed;
  const value = headers.single("authorization");
  if (value === undefined || value === "") return FAILURES.authorizationMissing;
  const parsed = parseAuthorization(value);
  if (!parsed.ok) return parsed.failure;
  facts.authorization = parsed.authorization;
  return undefined;
}

/** Revoked and retired keys are unknown keys: their state is nobody's business but their owner's. */
function keyIsKnown(facts: Facts): Failure | undefined {
  facts.key = facts.index.applications.key(facts.authorization?.keyId ?? "", facts.now);
  return facts.key ? undefined : FAILURES.keyUnknown;
}

function algorithmIsAllowed({ authorization, key }: Facts): Failure | undefined {
  const allowed: readonly string[] = key?.application.signing.algorithms ?? [];
  const name = authorization?.algorithm ?? "";
  return ALGORITHM_NAMES.includes(name) && allowed.includes(name) ? undefined : algorithmUnsupported(name);
}

function signedHeadersArePresentOnce({ request, authorization }: Facts): Failure | undefined {
  return authorization ? checkSignedHeaders(request, authorization) : FAILURES.authorizationMissing;
}

/** X-Date must be signed, and at most the Application's clockSkew from now, either way. */
function dateIsSignedAndInWindow(facts: Facts): Failure | undefined {
  const { request, authorization, key, now } = facts;
  facts.date = authorization && signedDate(request, authorization);
  if (!key || facts.date === undefined) return FAILURES.dateInvalid;
  const skew = key.application.signing.clockSkewSeconds * 1_000;
  return isInWindow(facts.date, now, skew) ? undefined : FAILURES.dateOutOfWindow;
}

function signatureMatches(facts: Facts): Failure | undefined {
  const { request, authorization, key } = facts;
  if (!authorization || !key) return FAILURES.keyUnknown;
  facts.place = placeOf(facts);
  const context = { ...signingContextOf(facts, key), ...facts.hints(key.record.apiAppKey) };
  const verified = verifySignature(request, authorization, key.key, context);
  if (!verified.ok) return verified.failure;
  facts.form = verified.form;
  facts.openVariants = verified.openVariants;
  return undefined;
}

function applicationMayCallNow({ key, now }: Facts): Failure | undefined {
  if (!key || key.application.suspended) return FAILURES.applicationSuspended;
  const { expiresAt } = key.application;
  return expiresAt !== undefined && !(now < Date.parse(expiresAt)) ? FAILURES.applicationExpired : undefined;
}

/** The most specific path that an owner of the host claims; methods are looked at once it has won. */
function apiIsKnown(facts: Facts): Failure | undefined {
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
function pathNamesOneApi(facts: Facts): Failure | undefined {
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
function contextAgrees({ context, place, claims }: Facts): Failure | undefined {
  const environment = context.get("environment");
  const api = context.get("api");
  const agrees =
    (environment === undefined || environment === place?.environment) &&
    (api === undefined ||
      (claims !== undefined && someApi(claims, (grant, one) => apiName(grant, one) === api)));
  return agrees ? undefined : FAILURES.contextMismatch;
}

function apiIsGranted(facts: Facts): Failure | undefined {
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

function apiName(grant: GrantEntry, api: GrantedApi): string {
  return `${grant.document.namespace}/${api.name}`;
}

/** Of several grants that admit the caller the oldest speaks, then the first by namespace and name. */
function allowed(facts: Facts): Decision {
  const [first] = [...facts.admitted].sort((a, b) => byAge(aged(a), aged(b)));
  if (!first || facts.form === undefined || !facts.place) return denied(FAILURES.internalError, facts);
  const { grant, api } = first;
  const { plan } = grant.document;
  return {
    kind: "allow",
    ...callerOf(facts),
    environment: facts.place.environment,
    api: apiName(grant, api),
    grant: `${grant.document.namespace}/${grant.document.name}`,
    form: facts.form,
    openVariants: facts.openVariants,
    ...(plan === undefined ? {} : { plan }),
  };
}

function aged({ grant: { document } }: Admission) {
  return { createdAt: document.createdAt, name: `${document.namespace}/${document.name}` };
}

function denied({ status, code, message }: Failure, facts: Facts): Decision {
  const caller = facts.form === undefined ? {} : { caller: { ...callerOf(facts), form: facts.form } };
  return { kind: "deny", status, code, message, ...caller };
}

function callerOf({ key }: Facts): Pick<Allow, "applicationId" | "application" | "keyId"> {
  const application: ApplicationProjection | undefined = key?.application;
  return {
    applicationId: application?.applicationId ?? "",
    application: application ? `${application.namespace}/${application.name}` : "",
    keyId: key?.record.apiAppKey ?? "",
  };
}
