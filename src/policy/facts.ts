import type { OpenVariant } from "../api/vocabulary.ts";
import type { GrantedApi } from "../projection/documents.ts";
import type { Authorization } from "../signing/authorization.ts";
import { type NearMiss, nearMiss } from "../signing/nearMiss.ts";
import type { SignedRequest } from "../signing/request.ts";
import type { SigningContext } from "../signing/signingContext.ts";
import type { KeyEntry } from "./applications.ts";
import type { GrantEntry } from "./grantEntry.ts";
import type { ApiClaims } from "./grants.ts";
import { canonicalHost } from "./host.ts";
import { environmentOf } from "./ownership.ts";
import { splitTarget } from "./pathSafety.ts";
import type { ProjectionIndex } from "./projectionIndex.ts";

/** A request, and what the proxy says about it. */
export interface CheckedRequest {
  readonly request: SignedRequest;
  /** Envoy's context_extensions: `api` and `environment`, where the proxy's route names them. */
  readonly context: ReadonlyMap<string, string>;
}

/** What may be remembered of a key between requests, so that the likely form is tried first. */
export type Hints = (keyId: string) => Pick<SigningContext, "rememberedForm" | "likelyOnly">;

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
  /** Of the signed X-Date; epoch milliseconds. */
  date: number | undefined;
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

export interface Place {
  readonly environment: string;
  readonly pathPrefix: string;
  readonly rest: string;
}

export interface Admission {
  readonly grant: GrantEntry;
  readonly api: GrantedApi;
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

/** Where the host and a path, its own unless told, are: which environment, and the path behind its prefix. Without an ApiDomain there is no such place. */
export function placeOf({ host, path: own, index }: Facts, path = own): Place | undefined {
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

/**
 * Under which other settings of its Application a request would verify that was answered with SignatureMismatch. It
 * costs as much as a few failing requests: whoever serves strangers limits how often it is asked.
 */
export function wouldVerifyWith(facts: Facts): NearMiss | undefined {
  const { request, authorization, key } = facts;
  if (!authorization || !key) return undefined;
  return nearMiss(request, authorization, key.key, signingContextOf(facts, key));
}
