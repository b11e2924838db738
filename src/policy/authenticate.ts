import {
  isDenial,
  type Presented,
  type SignatureInput,
  type SigningScheme,
  type Variant,
  type VerifyHint,
} from "../signing/scheme.ts";
import {
  type Attempt,
  claimUnder,
  isUnauthenticated,
  type Signer,
  schemeNotAllowed,
  signerOf,
  type Unauthenticated,
} from "./claim.ts";
import type { KeyEntry } from "./index/applications.ts";
import type { ProjectionIndex } from "./index/projectionIndex.ts";
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

/** What is remembered of keys between requests. */
export interface Hints {
  /** `now` is epoch milliseconds. */
  hints(key: KeyEntry, now: number): VerifyHint | undefined;
}

/**
 * The first stage: the path can be understood in one way only, one signature is presented and parses, its key is known and its
 * Application allows the scheme, its algorithm is allowed, what is signed was sent once and lately, and the signature matches.
 * It reveals nothing about grants, and a scheme that is not allowed is denied like a key that does not exist.
 *
 * Where an Application allows several schemes that look the same, one that verifies is enough.
 */
export function authenticate(
  target: Target,
  index: ProjectionIndex,
  now: number,
  hints: Hints | undefined,
): Authenticated | Unauthenticated {
  const signer = signerOf(target, index, now);
  if (isUnauthenticated(signer)) return signer;
  let denied: Unauthenticated | undefined;
  for (const scheme of signer.presentation) {
    if (signer.key.schemes[scheme.name] === undefined) continue;
    const outcome = authenticateUnder(scheme, signer, target, index, now, hints);
    if (!isUnauthenticated(outcome)) return outcome;
    denied = outcome;
  }
  return denied ?? schemeNotAllowed(signer);
}

function authenticateUnder(
  scheme: SigningScheme,
  signer: Signer,
  target: Target,
  index: ProjectionIndex,
  now: number,
  hints: Hints | undefined,
): Authenticated | Unauthenticated {
  const claim = claimUnder(scheme, signer, target, now);
  if (isUnauthenticated(claim)) return claim;
  const { presented, key, settings, signedAt } = claim;
  const place = placeOf(index.domains, target.host, target.path);
  const input = inputOf(target, { presented, key, place, settings }, index);
  const variant = scheme.verify(input, hintFor(scheme, hints?.hints(key, now)));
  if (isDenial(variant)) return { denial: variant, scheme, attempt: { scheme, presented, key, place } };
  return { scheme, presented, key, place, signedAt, variant };
}

/** A variant of another scheme is no hint. */
function hintFor({ name }: SigningScheme, hint: VerifyHint | undefined): VerifyHint | undefined {
  if (hint?.variant === undefined || hint.variant.scheme === name) return hint;
  return { likelyOnly: hint.likelyOnly };
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
  const signer = signerOf(target, index, now);
  if (isUnauthenticated(signer)) return undefined;
  for (const scheme of signer.presentation) {
    if (isUnauthenticated(claimUnder(scheme, signer, target, now))) continue;
    const hashed = scheme.bodyToHash(target.request);
    if (hashed) return { body: hashed, steps: scheme.hashInSteps(hashed, target.request) };
  }
  return undefined;
}

/** What the scheme of an attempt verifies. For a scheme that the Application does not allow, under that scheme's default settings. */
export function signatureInput(
  target: Target,
  attempt: Attempt & { readonly key: KeyEntry },
  index: ProjectionIndex,
): SignatureInput<Presented, unknown> {
  const { scheme, key } = attempt;
  const settings = key.schemes[scheme.name] ?? scheme.defaultSettings;
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
