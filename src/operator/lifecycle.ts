import { FINALIZER } from "../api/names.ts";
import { EPOCH } from "../base/timestamp.ts";
import type { Projection } from "../projection/documents.ts";
import type { StoredProjection } from "../projection/feed.ts";
import { refOf } from "./key.ts";
import type { KubeObject, PlanInput } from "./planInput.ts";
import { planStatus } from "./status.ts";
import { REST, type Step, type StepEvent } from "./step.ts";
import { isAcknowledgedByAll } from "./verifiers/acknowledgement.ts";
import { refusedClaims, unreadableClaims, withdrawalClaims } from "./withdrawal.ts";

/** The finalizer comes before the projection, and goes after it; a namesake waits until its predecessor is withdrawn. Undefined: it lives, and its kind decides. */
export function planLifecycle(seen: PlanInput, now: number): Step | undefined {
  const { object, projection, refusal } = seen;
  if (!object && !projection) return REST;
  if (object && refusal !== undefined)
    return planStatus(seen, object, refusedClaims(refusal, object.status?.conditions), now) ?? REST;
  if (projection && isOrphan(seen)) return withdraw(seen, projection, now, "ReplacingNamesake");
  if (!object) return REST;
  if (object.metadata.deletionTimestamp !== undefined) return planDeletion(seen, object, now);
  if (projection && !projection.document) return planStatus(seen, object, unreadableClaims(), now) ?? REST;
  return addFinalizer(seen, object);
}

/** An object that is gone leaves an orphan, also where a namesake came after it. */
function isOrphan({ object, projection, restores }: PlanInput): boolean {
  // What was being deleted when the disaster came goes on to be deleted.
  if (restores && projection?.document?.tombstone !== true) return false;
  if (!object) return true;
  return projection?.document !== undefined && projection.document.uid !== object.metadata.uid;
}

function planDeletion(seen: PlanInput, object: KubeObject, now: number): Step {
  if (seen.projection) return withdraw(seen, seen.projection, now, "Deleting");
  const finalizers = object.metadata.finalizers ?? [];
  if (!finalizers.includes(FINALIZER)) return REST;
  return writeFinalizers(
    seen,
    object,
    finalizers.filter((one) => one !== FINALIZER),
  );
}

const WITHDRAWING: StepEvent = {
  type: "Normal",
  reason: "Withdrawing",
  action: "Withdrawing",
  message: "Told the verifiers to refuse it",
};

/** Tombstone, acknowledgement, deletion: a verifier that has not seen the tombstone still accepts the object. */
function withdraw(
  seen: PlanInput,
  projection: StoredProjection,
  now: number,
  reason: "Deleting" | "ReplacingNamesake",
): Step {
  const { name, resourceVersion, document } = projection;
  if (!document?.tombstone) {
    return {
      kind: "replaceProjection",
      document: tombstoneOf(document, seen),
      change: "Removal",
      resourceVersion,
      ...(seen.object ? { event: WITHDRAWING } : {}),
    };
  }
  if (isAcknowledgedByAll(seen.acknowledgement)) return { kind: "deleteProjection", name, resourceVersion };
  const claims =
    seen.acknowledgement.kind === "known" && withdrawalClaims(seen, reason, seen.object?.status?.conditions);
  const status = seen.object && claims ? planStatus(seen, seen.object, claims, now) : undefined;
  return status ?? { kind: "rest", waitsForVerifiers: true };
}

/** A document that cannot be read is replaced by an empty one, which can be acknowledged. */
function tombstoneOf(document: Projection | undefined, { subject, object }: PlanInput): Projection {
  if (document) return { ...document, tombstone: true };
  const { namespace, name } = subject;
  const common = {
    uid: object?.metadata.uid ?? "",
    name,
    createdAt: object?.metadata.creationTimestamp ?? EPOCH,
    tombstone: true,
  } as const;
  switch (subject.kind) {
    case "Application":
      return { ...common, kind: "Application", namespace, ...NO_APPLICATION };
    case "ApiGrant":
      return { ...common, kind: "ApiGrant", namespace, ...NO_GRANT };
    case "ApiDomain":
      return { ...common, kind: "ApiDomain", ...NO_DOMAIN };
  }
}

const NO_APPLICATION = {
  applicationId: "",
  labels: {},
  suspended: true,
  schemes: { Tencent: { algorithms: [], clockSkewSeconds: 1, parameters: "Auto", openVariants: [] } },
  keys: [],
  revokedKeys: [],
} as const;
const NO_GRANT = {
  namespaceLabels: {},
  environment: "",
  apis: [],
  applications: [],
  suspended: true,
} as const;
const NO_DOMAIN = { hosts: [], namespaces: { kind: "names", names: [] }, environments: [] } as const;

function addFinalizer(seen: PlanInput, object: KubeObject): Step | undefined {
  const finalizers = object.metadata.finalizers ?? [];
  if (finalizers.includes(FINALIZER)) return undefined;
  return writeFinalizers(seen, object, [...finalizers, FINALIZER]);
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
