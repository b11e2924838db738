import {
  DEFAULT_SCHEME,
  type Denial,
  isDenial,
  type Presented,
  requestUnverifiable,
  SCHEMES,
  type SignatureInput,
  type SignedRequest,
  type SigningScheme,
  type Variant,
  type VerifyHint,
} from "../signing/scheme.ts";
import { DENIALS } from "./denials.ts";
import type { KeyEntry } from "./index/applications.ts";
import type { ProjectionIndex } from "./index/projectionIndex.ts";
import { isSafePath } from "./pathSafety.ts";
import { type Place, placeOf, signedPlaceOf } from "./place.ts";
import type { Target } from "./request.ts";

/** Who signed the request, as the first stage found out. */
export interface Authenticated extends Attempt {
  readonly key: KeyEntry;
  readonly place: Place | undefined;
  /** Epoch milliseconds, by the caller's clock. */
  readonly signedAt: number;
  readonly variant: Variant;
}

/** How far authentication came: what the request presents, the key that it names, and where it lies. */
export interface Attempt {
  readonly scheme: SigningScheme;
  readonly presented: Presented;
  readonly key?: KeyEntry;
  readonly place?: Place | undefined;
}

/** A denial of the first stage, with what had been found out by then. */
export interface Unauthenticated {
  readonly denial: Denial;
  /** Undefined if the request presents no readable credentials. */
  readonly attempt: Attempt | undefined;
}

/** What is remembered of a key between requests. */
export type Hints = (key: KeyEntry) => VerifyHint | undefined;

/**
 * The first stage: the path can be understood in one way only, one scheme is presented and parses, its key is known, its
 * algorithm is allowed, what is signed was sent once and lately, and the signature matches. It reveals nothing about grants.
 */
export function authenticate(
  target: Target,
  index: ProjectionIndex,
  now: number,
  hints: Hints,
): Authenticated | Unauthenticated {
  const claim = claimOf(target, index, now);
  if (isUnauthenticated(claim)) return claim;
  const { scheme, presented, key, signedAt } = claim;
  const place = placeOf(index.domains, target.host, target.path);
  const variant = scheme.verify(signatureInput(target, { scheme, presented, key, place }, index), hints(key));
  if (isDenial(variant)) return { denial: variant, attempt: { scheme, presented, key, place } };
  return { scheme, presented, key, place, signedAt, variant };
}

/** What is known before anything is hashed: whose signature it claims to be, and of when. */
interface Claim extends Attempt {
  readonly key: KeyEntry;
  readonly signedAt: number;
}

function claimOf({ request, path }: Target, index: ProjectionIndex, now: number): Claim | Unauthenticated {
  if (!isSafePath(path)) return { denial: DENIALS.unsafePath, attempt: undefined };
  const read = presentedBy(request);
  if (isDenial(read)) return { denial: read, attempt: undefined };
  const { scheme, presented } = read;
  const key = index.applications.key(presented.keyId, now);
  if (!key) return { denial: scheme.keyUnknown, attempt: read };
  const { algorithms, clockSkewSeconds } = key.application.schemes[scheme.name];
  const { algorithm } = presented;
  if (!scheme.algorithms.includes(algorithm) || !(algorithms as readonly string[]).includes(algorithm))
    return { denial: scheme.algorithmUnsupported(algorithm), attempt: { scheme, presented, key } };
  const signedAt = scheme.check(request, presented, now, clockSkewSeconds * 1_000);
  if (isDenial(signedAt)) return { denial: signedAt, attempt: { scheme, presented, key } };
  return { scheme, presented, key, signedAt };
}

/** The work of hashing a body, in steps. */
export interface BodyHash {
  readonly body: Buffer;
  readonly steps: Iterator<void>;
}

/**
 * The hashing that the first stage needs for a request with a body of more than `bytes`, so that it can be done in steps before.
 * Undefined if it needs none, or denies the request before.
 */
export function bodyHashOf(
  target: Target,
  index: ProjectionIndex,
  now: number,
  bytes: number,
): BodyHash | undefined {
  const { body } = target.request;
  if (body.kind !== "bytes" || body.bytes.length <= bytes) return undefined;
  const claim = claimOf(target, index, now);
  if (isUnauthenticated(claim)) return undefined;
  const hashed = claim.scheme.bodyToHash(target.request);
  return hashed && { body: hashed, steps: claim.scheme.hashInSteps(hashed) };
}

/** Whether the first stage denied the request. */
export function isUnauthenticated<T extends object>(
  outcome: T | Unauthenticated,
): outcome is Unauthenticated {
  return "denial" in outcome;
}

/** What a scheme verifies. */
export function signatureInput(
  { request, host }: Target,
  { scheme, presented, key, place }: Attempt & { readonly key: KeyEntry },
  { domains }: ProjectionIndex,
): SignatureInput<Presented, unknown> {
  const signed = signedPlaceOf(place, domains, host);
  return { request, presented, key: key.key, place: signed, settings: key.application.schemes[scheme.name] };
}

/** What the request presents, of exactly one scheme: one signature must not stand in for another. */
function presentedBy(request: SignedRequest): Attempt | Denial {
  let found: Attempt | undefined;
  for (const scheme of SCHEMES) {
    const presented = scheme.read(request);
    if (isDenial(presented)) return presented;
    if (presented === undefined) continue;
    if (found) return requestUnverifiable("it presents signatures of two schemes");
    found = { scheme, presented };
  }
  return found ?? DEFAULT_SCHEME.missing;
}
