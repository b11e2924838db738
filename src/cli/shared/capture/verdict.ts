import { decide, wouldVerifyWith } from "../../../policy/decide.ts";
import type { Decision } from "../../../policy/decision.ts";
import type { ProjectionIndex } from "../../../policy/index/projectionIndex.ts";
import { type CheckedRequest, type Target, targetOf } from "../../../policy/request.ts";
import type { NearMiss } from "../../../signing/scheme.ts";

/** The decision on one request, as fields for programs; null for a field that does not apply. */
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

/** A request, the decision on it, and the inputs of that decision. */
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

/** Includes the id of the key's Application even for a wrong signature: the user of the command can read the key anyway. */
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
