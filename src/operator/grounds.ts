import { isDeepStrictEqual } from "node:util";
import type { ObjectMeta } from "../api/meta.ts";
import { FINALIZER } from "../api/names.ts";
import type { Store } from "../store/store.ts";
import { projectionNameOf } from "./key.ts";
import type { PlanInput } from "./planInput.ts";
import type { WriteStep } from "./step.ts";

type Reads = Pick<Store, "readObject" | "readProjectionVersion">;

/**
 * Whether what a step was planned on is still so, by a read that begins after the plan: what verifiers act on and what callers read
 * is never written from an old cache, since a watch may lag, and another process may believe that it leads. The version that the step
 * itself carries rules out the rest: who changes the object later either changes what the step is about to write, or plans after it.
 */
export async function stillStands(store: Reads, step: WriteStep, seen: PlanInput): Promise<boolean> {
  switch (step.kind) {
    case "writeFinalizers":
      return step.finalizers.includes(FINALIZER) || (await isProjectionAsSeen(store, seen));
    case "createProjection":
    case "replaceProjection":
    case "deleteProjection":
    case "deleteCredentials":
      return await isObjectAsSeen(store, seen);
    case "createCredentials":
    case "restoreCredentials":
      return await isProjectionAsSeen(store, seen);
    case "writeStatus":
      return true;
  }
}

async function isProjectionAsSeen(store: Reads, { subject, projection }: PlanInput): Promise<boolean> {
  const now = await store.readProjectionVersion(projectionNameOf(subject));
  return now === projection?.resourceVersion;
}

async function isObjectAsSeen(store: Reads, { subject, object }: PlanInput): Promise<boolean> {
  const now = await store.readObject(subject.kind, subject.namespace, subject.name);
  return isSameToPlans(object?.metadata, now);
}

/** Versions differ with every status, which no plan of a projection looks at. */
function isSameToPlans(seen: ObjectMeta | undefined, now: ObjectMeta | undefined): boolean {
  if (!seen || !now) return seen === now;
  return (
    seen.uid === now.uid &&
    seen.generation === now.generation &&
    seen.deletionTimestamp === now.deletionTimestamp &&
    isDeepStrictEqual(seen.labels ?? {}, now.labels ?? {})
  );
}
