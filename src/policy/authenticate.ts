import type { SchemeName } from "../api/vocabulary.ts";
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
  /** The scheme that the request presents, also if it cannot be read; undefined if it presents none, or two. */
  readonly scheme: SigningScheme | undefined;
  /** Undefined if the request presents no readable credentials. */
  readonly attempt: Attempt | undefined;
}

/** What is remembered of a key between requests. */
export type Hints = (key: KeyEntry) => VerifyHint | undefined;

/**
 * The first stage: the path can be understood in one way only, one scheme is presented and parses, its key is known and its
 * Application allows the scheme, its algorithm is allowed, what is signed was sent once and lately, and the signature matches.
 * It reveals nothing about grants, and a scheme that is not allowed is denied like a key that does not exist.
 */
export function authenticate(
  target: Target,
  index: ProjectionIndex,
  now: number,
  hints: Hints,
): Authenticated | Unauthenticated {
  const claim = claimOf(target, index, now);
  if (isUnauthenticated(claim)) return claim;
  const { scheme, presented, key, settings, signedAt } = claim;
  const place = placeOf(index.domains, target.host, target.path);
  const input = inputOf(target, { presented, key, place, settings }, index);
  const variant = scheme.verify(input, hintFor(scheme, hints(key)));
  if (isDenial(variant)) return { denial: variant, scheme, attempt: { scheme, presented, key, place } };
  return { scheme, presented, key, place, signedAt, variant };
}

/** A variant of another scheme is no hint. */
function hintFor({ name }: SigningScheme, hint: VerifyHint | undefined): VerifyHint | undefined {
  if (hint?.variant === undefined || hint.variant.scheme === name) return hint;
  return { likelyOnly: hint.likelyOnly };
}

/** What is known before anything is hashed: whose signature it claims to be, and of when. */
interface Claim extends Attempt {
  readonly key: KeyEntry;
  /** The Application's, for the scheme. */
  readonly settings: SchemeSettings;
  readonly signedAt: number;
}

type SchemeSettings = NonNullable<KeyEntry["application"]["schemes"][SchemeName]>;

function claimOf({ request, path }: Target, index: ProjectionIndex, now: number): Claim | Unauthenticated {
  if (!isSafePath(path)) return { denial: DENIALS.unsafePath, scheme: undefined, attempt: undefined };
  const read = presentedBy(request);
  if (isUnauthenticated(read)) return read;
  const { scheme, presented } = read;
  const key = index.applications.key(presented.keyId, now);
  if (!key) return { denial: scheme.keyUnknown, scheme, attempt: read };
  if (!scheme.keyTypes.includes(key.key.type)) return { denial: scheme.keyUnknown, scheme, attempt: read };
  const attempt = { scheme, presented, key };
  const settings = key.application.schemes[scheme.name];
  if (!settings) return { denial: scheme.keyUnknown, scheme, attempt };
  const algorithm = scheme.algorithmOf(presented, key.key);
  if (!isIn(scheme.algorithms, algorithm) || !isIn(settings.algorithms, algorithm))
    return { denial: scheme.algorithmUnsupported(algorithm), scheme, attempt };
  const signedAt = scheme.check(request, presented, now, settings.clockSkewSeconds * 1_000);
  if (isDenial(signedAt)) return { denial: signedAt, scheme, attempt };
  return { scheme, presented, key, settings, signedAt };
}

function isIn(names: readonly string[], name: string): boolean {
  return names.includes(name);
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
  return hashed && { body: hashed, steps: claim.scheme.hashInSteps(hashed, target.request) };
}

/** Whether the first stage denied the request. */
export function isUnauthenticated<T extends object>(
  outcome: T | Unauthenticated,
): outcome is Unauthenticated {
  return "denial" in outcome;
}

/** What the scheme of an attempt verifies. For a scheme that the Application does not allow, under that scheme's default settings. */
export function signatureInput(
  target: Target,
  attempt: Attempt & { readonly key: KeyEntry },
  index: ProjectionIndex,
): SignatureInput<Presented, unknown> {
  const { scheme, key } = attempt;
  const settings = key.application.schemes[scheme.name] ?? scheme.defaultSettings;
  return inputOf(target, { ...attempt, settings }, index);
}

function inputOf(
  { request, host }: Target,
  {
    presented,
    key,
    place,
    settings,
  }: Omit<Attempt, "scheme"> & { readonly key: KeyEntry; readonly settings: unknown },
  { domains }: ProjectionIndex,
): SignatureInput<Presented, unknown> {
  return { request, presented, key: key.key, place: signedPlaceOf(place, domains, host), settings };
}

/** What the request presents, of exactly one scheme: one signature must not stand in for another. */
function presentedBy(request: SignedRequest): Attempt | Unauthenticated {
  let found: Attempt | undefined;
  for (const scheme of SCHEMES) {
    const presented = scheme.read(request);
    if (presented === undefined) continue;
    if (isDenial(presented)) return { denial: presented, scheme, attempt: undefined };
    if (found) return TWO_SCHEMES;
    found = { scheme, presented };
  }
  return found ?? NO_SCHEME;
}

const TWO_SCHEMES: Unauthenticated = {
  denial: requestUnverifiable("it presents signatures of two schemes"),
  scheme: undefined,
  attempt: undefined,
};
const NO_SCHEME: Unauthenticated = {
  denial: DEFAULT_SCHEME.missing,
  scheme: undefined,
  attempt: undefined,
};
