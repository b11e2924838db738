import { isDenial, type NearMiss } from "../signing/scheme.ts";
import {
  type Authenticated,
  authenticate,
  type Hints,
  isUnauthenticated,
  signatureInput,
} from "./authenticate.ts";
import { authorize, checkInForce } from "./authorize.ts";
import { Allow, type Decision, Deny, type Reached } from "./decision.ts";
import type { ProjectionIndex } from "./index/projectionIndex.ts";
import { type Located, locate } from "./locate.ts";
import { nonceUseOf } from "./nonceUse.ts";
import { type CheckedRequest, type Target, targetOf } from "./request.ts";
import { enforcementOf } from "./shadow.ts";

const NO_HINTS: Hints = () => undefined;

/**
 * Decides one request over the index at an instant (epoch milliseconds): authenticate, then locate, then authorize. The first
 * denial is the decision. Stages that reveal anything about grants come after the signature. README.md lists all checks in
 * this order. Pure: the same arguments give the same decision; hints change only how soon it is found.
 */
export function decide(
  checked: CheckedRequest,
  index: ProjectionIndex,
  now: number,
  hints: Hints = NO_HINTS,
): Decision {
  const target = targetOf(checked);
  const enforcement = enforcementOf(target, index, now);
  const grants = index.grantsUnder(enforcement);
  const authenticated = authenticate(target, index, now, hints);
  if (isUnauthenticated(authenticated))
    return new Deny(authenticated.denial, { attempt: authenticated.attempt }, enforcement);
  const lapsed = checkInForce(authenticated.key, now);
  if (lapsed) return new Deny(lapsed, reachedBy(authenticated), enforcement);
  const located = locate(target, authenticated.place, index, grants);
  if (isDenial(located)) return new Deny(located, reachedBy(authenticated), enforcement);
  const admission = authorize(target, authenticated.key, located, index, grants, now);
  if (isDenial(admission)) return new Deny(admission, reachedBy(authenticated, located), enforcement);
  const nonceUse = nonceUseOf(target.request, authenticated, located);
  if (isDenial(nonceUse)) return new Deny(nonceUse, reachedBy(authenticated, located), enforcement);
  return new Allow(authenticated, located, admission, enforcement, nonceUse);
}

function reachedBy(authenticated: Authenticated, located?: Located): Reached {
  return { attempt: authenticated, authenticated, ...(located ? { located } : {}) };
}

/**
 * Under which other settings of its Application a request would verify that was denied with SignatureMismatch. It costs as
 * much as a few failing requests: limit the request rate of unauthenticated callers in front of it.
 */
export function wouldVerifyWith(
  checked: CheckedRequest,
  decision: Decision,
  index: ProjectionIndex,
): NearMiss | undefined {
  if (decision.kind === "allow" || decision.code !== "SignatureMismatch") return undefined;
  const { attempt } = decision.reached;
  if (!attempt?.key) return undefined;
  const { scheme, presented, key, place } = attempt;
  const target: Target = targetOf(checked);
  return scheme.diagnose.nearMiss(signatureInput(target, { scheme, presented, key, place }, index));
}
