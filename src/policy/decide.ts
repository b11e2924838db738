import type { ApplicationProjection } from "../projection/documents.ts";
import { FAILURES, type Failure } from "../signing/failures.ts";
import {
  algorithmIsAllowed,
  authorizationParses,
  dateIsSignedAndInWindow,
  keyIsKnown,
  pathIsSafe,
  signatureMatches,
  signedHeadersArePresentOnce,
} from "./authentication.ts";
import {
  apiIsGranted,
  apiIsKnown,
  apiName,
  applicationMayCallNow,
  contextAgrees,
  pathNamesOneApi,
} from "./authorization.ts";
import type { Allow, Decision } from "./decision.ts";
import { type Admission, type CheckedRequest, Facts, type Hints } from "./facts.ts";
import { byAge } from "./ownership.ts";
import type { ProjectionIndex } from "./projectionIndex.ts";

const NO_HINTS: Hints = () => ({});

type Check = (facts: Facts) => Failure | undefined;

/**
 * The checks of a readable request, in their order: the first failure is the decision. Checks that reveal anything about grants
 * come after the signature. README.md lists them in this order, and test/unit/docs/decisionTable.test.ts compares the two.
 */
export const CHECKS: readonly Check[] = [
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
