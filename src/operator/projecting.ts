import { changeOf } from "../policy/change/change.ts";
import { encodeProjection } from "../projection/codec.ts";
import type { Projection } from "../projection/documents.ts";
import type { Change } from "../projection/feed.ts";
import type { PlanInput } from "./planInput.ts";
import type { StepEvent, WriteStep } from "./step.ts";
import { isAcknowledgedByAll } from "./verifiers/acknowledgement.ts";

const ADOPTED: StepEvent = {
  type: "Normal",
  reason: "Adopted",
  action: "Projecting",
  message: "Took over the projection of the former object of this name, with its id and keys",
};

/**
 * Makes the projection what it should be: created where there is none, replaced where it differs. `lost` is the last
 * document of one that was deleted by hand.
 */
export function planProjection(
  seen: PlanInput,
  document: Projection,
  { event, lost }: { readonly event?: StepEvent | undefined; readonly lost?: Projection | undefined } = {},
): WriteStep | undefined {
  const { projection } = seen;
  const before = projection?.document;
  const change = changeTo(document, seen, before ?? lost);
  const adopted = before !== undefined && before.uid !== document.uid;
  const said = adopted ? ADOPTED : event;
  const told = said ? { event: said } : {};
  if (!projection) return { kind: "createProjection", document, change, ...told };
  if (projection.document && encodeProjection(projection.document) === encodeProjection(document))
    return undefined;
  return {
    kind: "replaceProjection",
    document,
    change,
    resourceVersion: projection.resourceVersion,
    ...told,
  };
}

/** A removal that somebody has not acknowledged yet is waited for under the next version too. */
function changeTo(document: Projection, seen: PlanInput, before: Projection | undefined): Change {
  const { projection, acknowledgement, times } = seen;
  if (projection && !projection.document) return "Removal";
  const isPending = projection?.change === "Removal" && !isAcknowledgedByAll(acknowledgement);
  return isPending ? "Removal" : changeOf(before, document, times);
}
