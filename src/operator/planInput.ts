import type { Condition, ObjectMeta } from "../api/meta.ts";
import type { Kind } from "../api/vocabulary.ts";
import type { Times } from "../policy/change/rules.ts";
import type { Projection } from "../projection/documents.ts";
import type { StoredProjection } from "../projection/feed.ts";
import type { Subject } from "./key.ts";
import type { Acknowledgement } from "./verifiers/acknowledgement.ts";

/** What the plans of all three kinds look at: what was gathered for one subject, before anything is decided. */
export interface PlanInput<Object extends KubeObject = KubeObject, Document extends Projection = Projection> {
  readonly subject: Subject;
  readonly object: Object | undefined;
  readonly projection: (StoredProjection & { readonly document: Document | undefined }) | undefined;
  /** Of the projection's version; "unknown" where there is none. */
  readonly acknowledgement: Acknowledgement;
  /** For telling additions from removals. */
  readonly times: Times;
  /** A projection without its object is kept, and adopted by a namesake. */
  readonly restores: boolean;
  /** The store refused the last write of this generation with this message. */
  readonly refusal: string | undefined;
}

export interface KubeObject {
  readonly kind: Kind;
  readonly metadata: ObjectMeta;
  readonly status?: {
    readonly observedGeneration?: number;
    readonly conditions?: readonly Condition[];
  };
}
