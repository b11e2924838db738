/**
 * When the API server took the last write of an object, by its own clock: epoch milliseconds, cut to seconds. Undefined
 * where the object has no managedFields. Times in a Lease's spec are its writer's, so this is what can be compared.
 */
export function writtenAt(object: unknown): number | undefined {
  const { metadata }: Record<string, unknown> = { ...Object(object) };
  const { managedFields }: Record<string, unknown> = { ...Object(metadata) };
  const entries: readonly unknown[] = Array.isArray(managedFields) ? managedFields : [];
  const times = entries.map((entry) => Date.parse(String(Object(entry).time))).filter(Number.isFinite);
  return times.length === 0 ? undefined : Math.max(...times);
}
