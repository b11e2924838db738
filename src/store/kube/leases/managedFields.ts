import { field, list, text } from "../../../base/json.ts";

/**
 * When the API server took the last write of an object, by its own clock: epoch milliseconds, cut to seconds. Undefined
 * where the object has no managedFields. Times in a Lease's spec are its writer's, so this is what can be compared.
 */
export function writtenAt(object: unknown): number | undefined {
  const managers = list(field(object, "metadata", "managedFields"));
  const times = managers.map((manager) => Date.parse(text(field(manager, "time")))).filter(Number.isFinite);
  return times.length === 0 ? undefined : Math.max(...times);
}
