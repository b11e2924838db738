import type { Condition, ObjectMeta } from "../../api/meta.ts";
import type { Kind } from "../../api/vocabulary.ts";
import type { Times } from "../../policy/change/rules.ts";
import type { Projection } from "../../projection/documents.ts";
import type { StoredProjection } from "../../projection/feed.ts";
import type { Subject } from "../subject.ts";
import type { Acknowledgement } from "../verifiers/acknowledgement.ts";

/** What the plans of all three kinds compare; each kind adds its own facts. */
export interface PlanInput<Object extends KubeObject = KubeObject, Document extends Projection = Projection> {
  readonly subject: Subject;
  readonly object: Object | undefined;
  /** `document` is undefined if it cannot be read, or belongs to another kind or object. */
  readonly projection: (StoredProjection & { readonly document: Document | undefined }) | undefined;
  /** Of the projection's version; "unknown" without a projection. */
  readonly acknowledgement: Acknowledgement;
  /** Until then the wait for this acknowledgement is not reported, unless the status claims Ready (epoch milliseconds). */
  readonly quietUntil: number;
  /**
   * `now` is the only time of a plan: by two readings of the clock a wait could be too young to be reported and too old for another look.
   * The horizon separates additions from removals.
   */
  readonly times: Times;
  /** A projection without its object is kept; an object of the same name adopts it. */
  readonly restores: boolean;
  /** The store's message, if it refused the last write for this generation of the object. */
  readonly refusal: string | undefined;
}

/** An object of one of the three kinds, as far as the plans of all kinds read it. */
export interface KubeObject {
  readonly kind: Kind;
  readonly metadata: ObjectMeta;
  readonly status?: {
    readonly observedGeneration?: number;
    readonly conditions?: readonly Condition[];
  };
}
