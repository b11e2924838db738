import { FINALIZER } from "../../api/names.ts";
import type { StoredProjection } from "../../projection/feed.ts";
import { refusedConditions, unreadableConditions, withdrawalConditions } from "../conditions/exceptional.ts";
import { refOf } from "../subject.ts";
import { isAcknowledgedByAll } from "../verifiers/acknowledgement.ts";
import type { KubeObject, PlanInput } from "./planInput.ts";
import { planStatus } from "./planStatus.ts";
import { REST, restUntil } from "./rest.ts";
import type { Step, StepEvent } from "./step.ts";
import { tombstoneOf } from "./tombstone.ts";

/**
 * The steps that all kinds share: finalizer, deletion, orphans, refused writes. Returns undefined if none is due; the kind's own plan
 * follows then. The finalizer is written before the projection and removed after it, and an object that was re-created under a name
 * waits until its predecessor is withdrawn.
 */
export function planLifecycle(input: PlanInput): Step | undefined {
  const { object, projection, refusal } = input;
  if (!object && !projection) return REST;
  if (object && refusal !== undefined)
    return planStatus(input, object, refusedConditions(refusal, object.status?.conditions)) ?? REST;
  if (projection && isOrphan(input)) return withdraw(input, projection, "ReplacingNamesake");
  if (!object) return REST;
  if (object.metadata.deletionTimestamp !== undefined) return planDeletion(input, object);
  if (projection && !projection.document) return planStatus(input, object, unreadableConditions()) ?? REST;
  return addFinalizer(input, object);
}

/** Whether the projection belongs to an object that no longer exists, even if another object has its name now. */
function isOrphan({ object, projection, restores }: PlanInput): boolean {
  // A deletion that had begun before the restore is completed.
  if (restores && projection?.document?.tombstone !== true) return false;
  if (!object) return true;
  return projection?.document !== undefined && projection.document.uid !== object.metadata.uid;
}

function planDeletion(input: PlanInput, object: KubeObject): Step {
  if (input.projection) return withdraw(input, input.projection, "Deleting");
  const finalizers = object.metadata.finalizers ?? [];
  if (!finalizers.includes(FINALIZER)) return REST;
  return writeFinalizers(
    input,
    object,
    finalizers.filter((one) => one !== FINALIZER),
  );
}

const WITHDRAWING: StepEvent = {
  type: "Normal",
  reason: "Withdrawing",
  action: "Withdrawing",
  message: "Instructed the verifiers to deny it",
};

/** Tombstone, acknowledgement, deletion, in this order: a verifier that has not applied the tombstone still accepts the object. */
function withdraw(
  input: PlanInput,
  projection: StoredProjection,
  reason: "Deleting" | "ReplacingNamesake",
): Step {
  const { name, resourceVersion, document } = projection;
  if (!document?.tombstone) {
    return {
      kind: "replaceProjection",
      document: tombstoneOf(document, input),
      change: "Removal",
      resourceVersion,
      ...(input.object ? { event: WITHDRAWING } : {}),
    };
  }
  if (isAcknowledgedByAll(input.acknowledgement)) return { kind: "deleteProjection", name, resourceVersion };
  const conditions =
    input.acknowledgement.kind === "known" &&
    withdrawalConditions(input, reason, input.object?.status?.conditions);
  const status = input.object && conditions ? planStatus(input, input.object, conditions) : undefined;
  return status ?? restUntil(input);
}

function addFinalizer(input: PlanInput, object: KubeObject): Step | undefined {
  const finalizers = object.metadata.finalizers ?? [];
  if (finalizers.includes(FINALIZER)) return undefined;
  return writeFinalizers(input, object, [...finalizers, FINALIZER]);
}

function writeFinalizers(
  { subject }: PlanInput,
  { metadata }: KubeObject,
  finalizers: readonly string[],
): Step {
  return {
    kind: "writeFinalizers",
    object: refOf(subject.kind, metadata),
    finalizers,
    resourceVersion: metadata.resourceVersion,
  };
}
