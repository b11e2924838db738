import type { Condition } from "../api/meta.ts";
import type { Claim, Said } from "./conditions.ts";
import type { PlanInput } from "./planInput.ts";
import { isAcknowledged } from "./verifiers/acknowledgement.ts";
import { missing, NO_VERIFIER, waitingFor } from "./verifiers/messages.ts";

/** What the acknowledgement of the latest projection says, as a condition. */
export function programmed({
  acknowledgement,
  projection,
}: Pick<PlanInput, "acknowledgement" | "projection">): Claim {
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

/** What an object says while a projection of its name is withdrawn; nothing before it is known for whom it waits. */
export function withdrawalClaims(
  seen: Pick<PlanInput, "acknowledgement" | "projection">,
  reason: "Deleting" | "ReplacingNamesake",
  before: readonly Condition[] = [],
): readonly Said[] {
  const { message } = programmed(seen);
  return [
    ...before.filter(({ type }) => type !== "Programmed" && type !== "Ready"),
    { type: "Programmed", status: "False", reason: "WaitingForVerifiers", message },
    { type: "Ready", status: "False", reason, message },
  ];
}

/** What an object says whose record cannot be read: nothing is done, since a new record could hand out new keys. */
export function unreadableClaims(): readonly Claim[] {
  const message =
    "The projection of this object cannot be read; it may be of a newer version of Countersign. Restore it, or delete it to begin anew";
  return [
    { type: "Programmed", status: "False", reason: "ProjectionUnreadable", message },
    { type: "Ready", status: "False", reason: "ProjectionUnreadable", message },
  ];
}

/** What an object says whose write the store refused, beside what it said before. */
export function refusedClaims(message: string, before: readonly Condition[] = []): readonly Said[] {
  const text = `A write was refused: ${message}`.slice(0, 1024);
  return [
    ...before.filter(({ type }) => type !== "Stalled" && type !== "Ready"),
    { type: "Stalled", status: "True", reason: "WriteRefused", message: text },
    { type: "Ready", status: "False", reason: "WriteRefused", message: text },
  ];
}
