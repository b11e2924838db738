import type { StoredProjection } from "../../projection/feed.ts";
import { type Acknowledgement, isAcknowledged } from "../verifiers/acknowledgement.ts";
import { missing, NO_VERIFIER, waitingFor } from "../verifiers/messages.ts";
import type { ConditionDraft } from "./conditionDraft.ts";

/** A projection and how far the verifiers have applied it. */
export interface ProjectionState {
  readonly acknowledgement: Acknowledgement;
  readonly projection: StoredProjection | undefined;
}

/** Programmed: whether the verifiers have applied the latest projection. */
export function programmed({ acknowledgement, projection }: ProjectionState): ConditionDraft {
  const type = "Programmed";
  if (acknowledgement.kind === "unknown")
    return { type, status: "False", reason: "WaitingForVerifiers", message: "Waiting for the verifiers" };
  const { verifiers, live, laggards } = acknowledgement;
  if (verifiers === 0) return { type, status: "Unknown", reason: "NoVerifier", message: NO_VERIFIER };
  if (laggards.length === 0)
    return { type, status: "True", reason: "Programmed", message: "Every verifier has the latest state" };
  const change = projection?.change ?? "Removal";
  if (!isAcknowledged(acknowledgement, change))
    return { type, status: "False", reason: "WaitingForVerifiers", message: waitingFor(laggards, change) };
  if (live === 0)
    return {
      type,
      status: "Unknown",
      reason: "NoVerifier",
      message: `No verifier is live. ${missing(laggards)}`,
    };
  const message = `Every live verifier has the latest state. ${missing(laggards)}`;
  return { type, status: "True", reason: "Programmed", message };
}
