import type { DenialCode } from "../api/vocabulary.ts";
import {
  isDenial,
  type NearMiss,
  type Presented,
  presentationOf,
  type SignatureInput,
  type SigningScheme,
} from "../signing/scheme.ts";
import { type Authenticated, authenticate, type Hints, signatureInput } from "./authenticate.ts";
import { authorize, checkInForce } from "./authorize.ts";
import { isUnauthenticated } from "./claim.ts";
import { Allow, type Decision, Deny, type Reached } from "./decision.ts";
import type { ProjectionIndex } from "./index/projectionIndex.ts";
import { type Located, locate } from "./locate.ts";
import { nonceUseOf } from "./nonceUse.ts";
import { placeOf } from "./place.ts";
import { type CheckedRequest, type Target, targetOf } from "./request.ts";
import { enforcementOf } from "./shadow.ts";

/**
 * Decides one request over the index at an instant (epoch milliseconds): authenticate, then locate, then authorize. The first
 * denial is the decision. Stages that reveal anything about grants come after the signature. README.md lists all checks in
 * this order. Pure: the same arguments give the same decision; hints change only how soon it is found.
 */
export function decide(
  checked: CheckedRequest,
  index: ProjectionIndex,
  now: number,
  hints?: Hints,
): Decision {
  const target = targetOf(checked);
  const enforcement = enforcementOf(target, index, now);
  const grants = index.grantsUnder(enforcement);
  const authenticated = authenticate(target, index, now, hints);
  if (isUnauthenticated(authenticated)) return new Deny(authenticated.denial, authenticated, enforcement);
  const lapsed = checkInForce(authenticated.key, now);
  if (lapsed) return new Deny(lapsed, reachedBy(authenticated), enforcement);
  const located = locate(target, authenticated.place, index, grants);
  if (isDenial(located)) return new Deny(located, reachedBy(authenticated), enforcement);
  const admission = authorize(target, authenticated.key, located, index, grants, now);
  if (isDenial(admission)) return new Deny(admission, reachedBy(authenticated, located), enforcement);
  const nonceUse = nonceUseOf(target.request, authenticated, located, now);
  if (isDenial(nonceUse)) return new Deny(nonceUse, reachedBy(authenticated, located), enforcement);
  return new Allow(authenticated, located, admission, enforcement, nonceUse);
}

function reachedBy(authenticated: Authenticated, located?: Located): Reached {
  const { scheme } = authenticated;
  return { scheme, attempt: authenticated, authenticated, ...(located ? { located } : {}) };
}

/**
 * Under which other settings of its Application a request would verify that was denied with SignatureMismatch or DateInvalid, or
 * whose scheme the Application does not allow. It costs as much as a few failing requests: limit the request rate of
 * unauthenticated callers in front of it.
 */
export function wouldVerifyWith(
  checked: CheckedRequest,
  decision: Decision,
  index: ProjectionIndex,
): NearMiss | undefined {
  if (decision.kind === "allow" || !isHelpedBySettings(decision.code)) return undefined;
  const { attempt } = decision.reached;
  if (!attempt?.key) return undefined;
  const { scheme, presented, key } = attempt;
  const target: Target = targetOf(checked);
  const place = attempt.place ?? placeOf(index.domains, target.host, target.path);
  const inputUnder = (one: SigningScheme) =>
    signatureInput(target, { scheme: one, presented, key, place }, index);
  const own =
    decision.code === "SignatureMismatch" ? scheme.diagnose.nearMiss(inputUnder(scheme)) : undefined;
  if (own) return own;
  for (const one of presentationOf(scheme)) {
    const found = key.schemes[one.name] ? undefined : withScheme(one, inputUnder(one));
    if (found) return found;
  }
  return undefined;
}

/** Codes of denials that another setting of the Application may change. */
const HELPED_BY_SETTINGS: readonly DenialCode[] = ["KeyUnknown", "SignatureMismatch", "DateInvalid"];

/** Whether wouldVerifyWith() looks at denials with this code. */
export function isHelpedBySettings(code: DenialCode): boolean {
  return HELPED_BY_SETTINGS.includes(code);
}

/** Whether the signature verifies once its scheme is allowed: as of when it was signed, since nothing depends on it. */
function withScheme(
  { name, check, verify, algorithms, algorithmOf, diagnose }: SigningScheme,
  input: SignatureInput<Presented, unknown>,
): NearMiss | undefined {
  const { request, presented, key } = input;
  const algorithm = algorithmOf(presented, key);
  const sentAt = diagnose.sentAt(request);
  if (sentAt === undefined || !(algorithms as readonly string[]).includes(algorithm)) return undefined;
  if (isDenial(check(request, presented, sentAt, 0))) return undefined;
  const verified = verify(input);
  const near = isDenial(verified) ? diagnose.nearMiss(input) : { variant: verified.name };
  return near && { ...near, schemes: [name] };
}
