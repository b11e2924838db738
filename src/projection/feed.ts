import type { Projection } from "./documents.ts";

/**
 * The effect of a projection write on access. After an addition every request that was allowed before is still allowed;
 * anything else is a removal. It stays a removal until every verifier has acknowledged it, even if the projection is written again.
 */
export type Change = "Addition" | "Removal";

/** A projection as stored. `document` is undefined if it cannot be read; `problem` has the reason. */
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
 * The receiver of projection events, which arrive in order. `replace` is a full list and never merges. The receiver ignores an event
 * that is older than its state of that name, so that a deleted projection does not reappear.
 */
export interface ProjectionSink {
  replace(projections: Iterable<StoredProjection>, version: string): void;
  upsert(projection: StoredProjection): void;
  /** The version is that of the deletion itself. */
  remove(name: string, version: string): void;
  /** The feed has reached this version, although no projection changed. */
  bookmark(version: string): void;
}
