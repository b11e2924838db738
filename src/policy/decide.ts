import type { ApplicationProjection, GrantedApi } from "../projection/documents.ts";
import { ALGORITHM_NAMES } from "../signing/algorithms.ts";
import { type Authorization, parseAuthorization } from "../signing/authorization.ts";
import { algorithmUnsupported, FAILURES, type Failure, noApiMatch } from "../signing/failures.ts";
import { type NearMiss, nearMiss } from "../signing/nearMiss.ts";
import type { OpenVariant } from "../signing/openVariants.ts";
import type { SignedRequest } from "../signing/request.ts";
import type { SigningContext } from "../signing/signingContext.ts";
import { checkDate, checkSignedHeaders, verifySignature } from "../signing/verify.ts";
import type { KeyEntry } from "./applications.ts";
import type { Allow, Decision } from "./decision.ts";
import type { GrantEntry } from "./grantEntry.ts";
import type { ApiClaims } from "./grants.ts";
import { canonicalHost } from "./host.ts";
import { byAge, environmentOf, gives } from "./ownership.ts";
import { isSafePath, splitTarget } from "./pathSafety.ts";
import type { ProjectionIndex } from "./projectionIndex.ts";

/** A request, and what the proxy says about it. */
export interface CheckedRequest {
  readonly request: SignedRequest;
  /** Envoy's context_extensions: `api` and `environment`, where the proxy's route names them. */
  readonly context: ReadonlyMap<string, string>;
}

/** What may be remembered of a key between requests, so that the likely form is tried first. */
export type Hints = (keyId: string) => Pick<SigningContext, "rememberedForm" | "likelyOnly">;

const NO_HINTS: Hints = () => ({});

/** What the checks find out, one after the other; each relies on those before it. */
export class Facts {
  readonly request: SignedRequest;
  readonly context: ReadonlyMap<string, string>;
  readonly index: ProjectionIndex;
  /** Epoch milliseconds. */
  readonly now: number;
  readonly path: string;
  readonly host: string | undefined;
  authorization: Authorization | undefined;
  key: KeyEntry | undefined;
  form: string | undefined;
  openVariants: readonly OpenVariant[] = [];
  place: Place | undefined;
  claims: ApiClaims | undefined;
  admitted: readonly Admission[] = [];

  /** What the caller remembers of a key: hints, they open nothing. */
  readonly hints: Hints;

  constructor({ request, context }: CheckedRequest, index: ProjectionIndex, now: number, hints: Hints) {
    this.hints = hints;
    this.request = request;
    this.context = context;
    this.index = index;
    this.now = now;
    this.path = splitTarget(request.path).path;
    this.host = canonicalHost(request.authority);
  }
}

interface Place {
  readonly environment: string;
  readonly pathPrefix: string;
  readonly rest: string;
}

interface Admission {
  readonly grant: GrantEntry;
  readonly api: GrantedApi;
}

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

function dateIsSignedAndInWindow({ request, authorization, key, now }: Facts): Failure | undefined {
  if (!authorization || !key) return FAILURES.dateInvalid;
  return checkDate(request, authorization, now, key.application.signing.clockSkewSeconds * 1_000);
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

/** What the forms need to know of the request's place and its key's Application. */
export function signingContextOf(facts: Facts, { application }: KeyEntry): SigningContext {
  const { parameters, openVariants } = application.signing;
  return { ...prefixesOf(facts), parameters, openVariants };
}

/** What clients may have signed in front of the path; `/` is no prefix. */
function prefixesOf({ place, host, index }: Facts) {
  const pathPrefix = place?.pathPrefix ?? "/";
  const domain = host === undefined ? undefined : index.domains.ownerOf(host);
  const all = (domain?.environments ?? []).map((one) => one.pathPrefix);
  return {
    environmentPrefix: pathPrefix === "/" ? "" : pathPrefix,
    environmentPrefixes: all.filter((one) => one !== "/"),
  };
}

/** Where host and path are: which environment, and the path behind its prefix. Without an ApiDomain there is no such place. */
function placeOf({ host, path, index }: Facts): Place | undefined {
  const domain = host === undefined ? undefined : index.domains.ownerOf(host);
  const found = domain && environmentOf(domain, path);
  return (
    found && {
      environment: found.environment.name,
      pathPrefix: found.environment.pathPrefix,
      rest: found.rest,
    }
  );
}

function applicationMayCallNow({ key, now }: Facts): Failure | undefined {
  if (!key || key.application.suspended) return FAILURES.applicationSuspended;
  const { expiresAt } = key.application;
  return expiresAt !== undefined && !(now < Date.parse(expiresAt)) ? FAILURES.applicationExpired : undefined;
}

/** The most specific path that an owner of the host claims; methods are looked at once it has won. */
function apiIsKnown(facts: Facts): Failure | undefined {
  const { host, place, index, request } = facts;
  const domain = host === undefined ? undefined : index.domains.ownerOf(host);
  if (host !== undefined && place && domain) {
    const claims = index.grants.match(host, place.environment, place.rest, ({ document }) =>
      gives(domain, document),
    );
    if (claims && someApi(claims, (_, api) => allowsMethod(api, request.method))) facts.claims = claims;
  }
  return facts.claims ? undefined : noApiMatch(facts.path, request.authority);
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

/**
 * Under which other settings of its Application a request would verify that was answered with SignatureMismatch. It
 * costs as much as a few failing requests: whoever serves strangers limits how often it is asked.
 */
export function wouldVerifyWith(facts: Facts): NearMiss | undefined {
  const { request, authorization, key } = facts;
  if (!authorization || !key) return undefined;
  return nearMiss(request, authorization, key.key, signingContextOf(facts, key));
}
