import { examine } from "../../../policy/decide.ts";
import type { Decision } from "../../../policy/decision.ts";
import { type CheckedRequest, type Facts, wouldVerifyWith } from "../../../policy/facts.ts";
import type { ProjectionIndex } from "../../../policy/projectionIndex.ts";
import type { NearMiss } from "../../../signing/nearMiss.ts";

/** What a verifier says of one request, for programs; null where there is nothing to say. */
export interface Verdict {
  readonly decision: "allow" | "deny";
  /** `Allowed`, or the code of the denial. */
  readonly code: string;
  readonly message: string | null;
  readonly form: string | null;
  readonly applicationId: string | null;
  readonly grant: string | null;
  readonly wouldVerifyWith: Omit<NearMiss, "form"> | null;
}

/** The verdict at an instant (epoch milliseconds), and what was found out on the way. */
export function verdictOf(
  checked: CheckedRequest,
  index: ProjectionIndex,
  now: number,
): { readonly verdict: Verdict; readonly decision: Decision; readonly facts: Facts } {
  const { decision, facts } = examine(checked, index, now);
  const near =
    decision.kind === "deny" && decision.code === "SignatureMismatch" ? wouldVerifyWith(facts) : undefined;
  return { verdict: verdict(decision, facts, near), decision, facts };
}

/** Whose key it is is told whatever became of the signature: who asks may read the key anyway. */
function verdict(decision: Decision, { key }: Facts, near: NearMiss | undefined): Verdict {
  const isAllowed = decision.kind === "allow";
  return {
    decision: decision.kind,
    code: isAllowed ? "Allowed" : decision.code,
    message: isAllowed ? null : Buffer.from(decision.message, "latin1").toString("utf8"),
    form: (isAllowed ? decision.form : decision.caller?.form) ?? null,
    applicationId: key?.application.applicationId ?? null,
    grant: isAllowed ? decision.grant : null,
    wouldVerifyWith: near ? settings(near) : null,
  };
}

function settings({ form: _, ...rest }: NearMiss): Omit<NearMiss, "form"> {
  return rest;
}
