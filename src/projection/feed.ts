import type { Projection } from "./documents.ts";

/**
 * What the write of a projection did to access. After an addition every request that was allowed before is still allowed;
 * anything else is a removal. A removal stays one until every verifier has acknowledged it, also through later writes.
 */
export type Change = "Addition" | "Removal";

/** A projection as stored. A document that cannot be read is `undefined`, and `problem` says why. */
export interface StoredProjection {
  /** `application.<namespace>.<name>`, `grant.<namespace>.<name>` or `domain.<name>`. */
  readonly name: string;
  readonly resourceVersion: string;
  readonly document: Projection | undefined;
  readonly problem?: string;
  /** Of the operator's last write; a missing one counts as "Removal". Verifiers do not read it. */
  readonly change?: Change;
}

/**
 * What a reader of projections is told, in order. `replace` is a full list and never merges. An event older than what
 * the receiver holds of that name is ignored by the receiver, so that nothing comes back to life.
 */
export interface ProjectionSink {
  replace(projections: Iterable<StoredProjection>, version: string): void;
  upsert(projection: StoredProjection): void;
  /** The version is that of the deletion itself. */
  remove(name: string, version: string): void;
  /** The feed has reached this version, though nothing of ours changed. */
  bookmark(version: string): void;
}
