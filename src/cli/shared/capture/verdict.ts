import { decide, wouldVerifyWith } from "../../../policy/decide.ts";
import type { Decision } from "../../../policy/decision.ts";
import type { ProjectionIndex } from "../../../policy/index/projectionIndex.ts";
import { type CheckedRequest, type Target, targetOf } from "../../../policy/request.ts";
import type { NearMiss } from "../../../signing/scheme.ts";

/** What a verifier says of one request, for programs; null where there is nothing to say. */
export interface Verdict {
  readonly decision: "allow" | "deny";
  /** `Allowed`, or the code of the denial. */
  readonly code: string;
  readonly message: string | null;
  readonly form: string | null;
  readonly applicationId: string | null;
  readonly grant: string | null;
  readonly wouldVerifyWith: Omit<NearMiss, "variant"> | null;
}

/** A request and the decision on it, with all that the decision was made from. */
export interface Decided {
  readonly target: Target;
  readonly index: ProjectionIndex;
  /** The instant of the decision, in epoch milliseconds. */
  readonly now: number;
  readonly decision: Decision;
  /** The setting under which the signature would verify, if it did not. */
  readonly near: NearMiss | undefined;
}

/** Decides at an instant (epoch milliseconds), as a verifier over the index would. */
export function decided(checked: CheckedRequest, index: ProjectionIndex, now: number): Decided {
  const decision = decide(checked, index, now);
  return { target: targetOf(checked), index, now, decision, near: wouldVerifyWith(checked, decision, index) };
}

/** Whose key it is is told whatever became of the signature: who asks may read the key anyway. */
export function verdictOf({ decision, near }: Decided): Verdict {
  const isAllowed = decision.kind === "allow";
  return {
    decision: decision.kind,
    code: isAllowed ? "Allowed" : decision.code,
    message: isAllowed ? null : Buffer.from(decision.message, "latin1").toString("utf8"),
    form: (isAllowed ? decision.form : decision.caller?.form) ?? null,
    applicationId: decision.reached.attempt?.key?.application.applicationId ?? null,
    grant: isAllowed ? decision.grant : null,
    wouldVerifyWith: near ? settings(near) : null,
  };
}

function settings({ variant: _, ...rest }: NearMiss): Omit<NearMiss, "variant"> {
  return rest;
}
