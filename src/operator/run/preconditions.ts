import { isDeepStrictEqual } from "node:util";
import type { ObjectMeta } from "../../api/meta.ts";
import type { Store } from "../../store/store.ts";
import type { PlanInput } from "../plan/planInput.ts";
import { projectionNameOf } from "../subject.ts";

/** The reads of a precondition. Each read begins after the plan and bypasses the caches. */
export type Reads = Pick<Store, "readObject" | "readProjectionVersion">;

/** Whether the API server still has the projection at the version that the plan saw, or still has none. */
export async function isProjectionUnchanged(
  store: Reads,
  { subject, projection }: PlanInput,
): Promise<boolean> {
  const current = await store.readProjectionVersion(projectionNameOf(subject));
  return current === projection?.resourceVersion;
}

/** Whether the object on the API server would give the same plan as the cached one that the plan saw. */
export async function isObjectUnchanged(store: Reads, { subject, object }: PlanInput): Promise<boolean> {
  const current = await store.readObject(subject.kind, subject.namespace, subject.name);
  return isSamePlanInput(object?.metadata, current);
}

/** Does not compare resourceVersions: every status write changes them, and no plan of a projection reads the status. */
function isSamePlanInput(cached: ObjectMeta | undefined, current: ObjectMeta | undefined): boolean {
  if (!cached || !current) return cached === current;
  return (
    cached.uid === current.uid &&
    cached.generation === current.generation &&
    cached.deletionTimestamp === current.deletionTimestamp &&
    isDeepStrictEqual(cached.labels ?? {}, current.labels ?? {})
  );
}
