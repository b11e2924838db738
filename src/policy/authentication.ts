import { ALGORITHMS } from "../api/vocabulary.ts";
import { parseAuthorization } from "../signing/authorization.ts";
import { isInWindow } from "../signing/date.ts";
import { algorithmUnsupported, FAILURES, type Failure } from "../signing/failures.ts";
import { checkSignedHeaders, signedDate, verifySignature } from "../signing/verify.ts";
import { type Facts, placeOf, signingContextOf } from "./facts.ts";
import { isSafePath } from "./pathSafety.ts";

/** Whether the path can be understood in one way only. */
export function pathIsSafe({ path }: Facts): Failure | undefined {
  return isSafePath(path) ? undefined : FAILURES.unsafePath;
}

/** One Authorization that parses; it is kept for the checks that follow. */
export function authorizationParses(facts: Facts): Failure | undefined {
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
export function keyIsKnown(facts: Facts): Failure | undefined {
  facts.key = facts.index.applications.key(facts.authorization?.keyId ?? "", facts.now);
  return facts.key ? undefined : FAILURES.keyUnknown;
}

/** An algorithm that there is, and that the key's Application lists. */
export function algorithmIsAllowed({ authorization, key }: Facts): Failure | undefined {
  const allowed = key?.application.signing.algorithms ?? [];
  const name = authorization?.algorithm ?? "";
  const known = ALGORITHMS.find((one) => one === name);
  return known && allowed.includes(known) ? undefined : algorithmUnsupported(name);
}

/** Every header that the caller says to have signed came, once. */
export function signedHeadersArePresentOnce({ request, authorization }: Facts): Failure | undefined {
  return authorization ? checkSignedHeaders(request, authorization) : FAILURES.authorizationMissing;
}

/** X-Date must be signed, and at most the Application's clockSkew from now, either way. */
export function dateIsSignedAndInWindow(facts: Facts): Failure | undefined {
  const { request, authorization, key, now } = facts;
  facts.date = authorization && signedDate(request, authorization);
  if (!key || facts.date === undefined) return FAILURES.dateInvalid;
  const skew = key.application.signing.clockSkewSeconds * 1_000;
  return isInWindow(facts.date, now, skew) ? undefined : FAILURES.dateOutOfWindow;
}

/** Whether one of the forms of the scheme gives the caller's signature; the only check that costs much. */
export function signatureMatches(facts: Facts): Failure | undefined {
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
