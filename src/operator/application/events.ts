import type { ApplicationProjection } from "../../projection/documents.ts";
import type { StepEvent } from "../step.ts";

/** What people are told of a change of keys; of several the most serious. */
export function keyEvent(
  before: ApplicationProjection | undefined,
  after: ApplicationProjection,
): StepEvent | undefined {
  const old = new Map((before?.keys ?? []).map((key) => [key.apiAppKey, key]));
  const revoked = [...old.keys()].filter(
    (key) => after.revokedKeys.includes(key) && !before?.revokedKeys.includes(key),
  );
  if (revoked.length > 0) return told("KeyRevoked", `Revoked ${revoked.join(", ")}`);
  const rotating =
    old.size > 0 && after.keys.find(({ apiAppKey, state }) => state === "Pending" && !old.has(apiAppKey));
  return rotating ? told("KeyRotating", `${rotating.apiAppKey} waits for the verifiers`) : undefined;
}

function told(reason: string, message: string): StepEvent {
  return { type: "Normal", reason, action: "Projecting", message };
}
