import type { Projection } from "../../projection/documents.ts";
import { keyIdsOf } from "../../projection/keyIds.ts";
import type { PlanInput } from "../plan/planInput.ts";
import type { WriteStep } from "../plan/step.ts";

/** The id, ApiAppKeys and ids of public keys that a step adds to an Application's document. No other Application may have them. */
export function newUniqueValues(
  step: WriteStep,
  { projection }: Pick<PlanInput, "projection">,
): readonly string[] {
  if (step.kind !== "createProjection" && step.kind !== "replaceProjection") return [];
  const before = new Set(uniqueValuesOf(projection?.document));
  return uniqueValuesOf(step.document).filter((value) => !before.has(value));
}

function uniqueValuesOf(document: Projection | undefined): readonly string[] {
  return document?.kind === "Application" ? [document.applicationId, ...keyIdsOf(document)] : [];
}
