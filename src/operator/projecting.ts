import { encodeProjection } from "../projection/codec.ts";
import type { Projection } from "../projection/documents.ts";
import type { Seen } from "./lifecycle.ts";
import type { StepEvent, WriteStep } from "./step.ts";

/** Makes the projection what it should be: created where there is none, replaced where it differs. */
export function planProjection(
  { projection }: Seen,
  document: Projection,
  event?: StepEvent,
): WriteStep | undefined {
  const told = event ? { event } : {};
  if (!projection) return { kind: "createProjection", document, ...told };
  if (projection.document && encodeProjection(projection.document) === encodeProjection(document))
    return undefined;
  return {
    kind: "replaceProjection",
    document,
    resourceVersion: projection.resourceVersion,
    ...told,
  };
}
