import type { WriteOutcome } from "../../store/store.ts";
import type { KubeObject } from "../plan/planInput.ts";
import type { WriteStep } from "../plan/step.ts";

/**
 * The version of the object that the API server returned to the last write of one reconcile, if that was a write of its finalizers.
 * A plan on that very version needs no other read of the object before the next write.
 */
export class ReturnedVersion {
  #version: string | undefined;

  /** Takes the outcome of each write of the reconcile. */
  note(step: WriteStep, outcome: WriteOutcome): void {
    const isOfObject = step.kind === "writeFinalizers" && outcome.kind === "written";
    this.#version = isOfObject ? outcome.resourceVersion : undefined;
  }

  /** Whether the plan saw the object at that version. */
  is(object: KubeObject | undefined): boolean {
    return object !== undefined && object.metadata.resourceVersion === this.#version;
  }
}
