import { encodeProjection } from "../projection/codec.ts";
import type { Projection } from "../projection/documents.ts";
import type { Seen } from "./lifecycle.ts";
import type { StepEvent, WriteStep } from "./step.ts";

const ADOPTED: StepEvent = {
  type: "Normal",
  reason: "Adopted",
  action: "Projecting",
  message: "Took over the projection of the former object of this name, with its id and keys",
};

/** Makes the projection what it should be: created where there is none, replaced where it differs. */
export function planProjection(
  { projection }: Seen,
  document: Projection,
  event?: StepEvent,
): WriteStep | undefined {
  const before = projection?.document;
  const adopted = before !== undefined && before.uid !== document.uid;
  const said = adopted ? ADOPTED : event;
  const told = said ? { event: said } : {};
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
