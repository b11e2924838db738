import type { Projection } from "../../projection/documents.ts";
import type { Change } from "../../projection/feed.ts";
import type { CredentialsContent, EventAction, ObjectRef, StatusContent } from "../../store/store.ts";
import type { EventReason } from "../conditions/eventReasons.ts";

/** The result of a plan: the next write, at most one, or the wait for a change. */
export type Step = WriteStep | Rest;

/** One write. `resourceVersion` is the version that the plan saw; the store returns a conflict if it has changed. */
export type WriteStep = (
  | {
      readonly kind: "writeFinalizers";
      readonly object: ObjectRef;
      readonly finalizers: readonly string[];
      readonly resourceVersion: string;
    }
  | { readonly kind: "createProjection"; readonly document: Projection; readonly change: Change }
  | {
      readonly kind: "replaceProjection";
      readonly document: Projection;
      readonly change: Change;
      readonly resourceVersion: string;
    }
  | { readonly kind: "deleteProjection"; readonly name: string; readonly resourceVersion: string }
  | { readonly kind: "createCredentials"; readonly content: CredentialsContent }
  | {
      readonly kind: "restoreCredentials";
      readonly content: CredentialsContent;
      readonly secret: ObjectRef;
      readonly resourceVersion: string;
    }
  | { readonly kind: "deleteCredentials"; readonly secret: ObjectRef; readonly resourceVersion: string }
  | {
      readonly kind: "writeStatus";
      readonly object: ObjectRef;
      readonly status: StatusContent;
      readonly resourceVersion: string;
    }
) & {
  /** Recorded on the object once the write has succeeded. */
  readonly event?: StepEvent;
};

/** Nothing to write now. */
export interface Rest {
  readonly kind: "rest";
  /** Not every verifier has acknowledged the subject's projection: plan again when that changes. */
  readonly waitsForVerifiers: boolean;
  /** Plan again at this time (epoch milliseconds) at the latest. */
  readonly until?: number;
}

/** A Kubernetes Event about the step. */
export interface StepEvent {
  readonly type: "Normal" | "Warning";
  readonly reason: EventReason;
  readonly action: EventAction;
  readonly message: string;
}
