import type { ObjectMeta } from "../../api/meta.ts";

/** What the projection of every living object has from its metadata. */
export function projectionHead({ uid, name, creationTimestamp }: ObjectMeta) {
  return { uid, name, createdAt: creationTimestamp, tombstone: false } as const;
}
