import { changeOf } from "../../policy/change/change.ts";
import { isSameProjection } from "../../projection/codec.ts";
import type { Projection } from "../../projection/documents.ts";
import type { Change } from "../../projection/feed.ts";
import { isAcknowledgedByAll } from "../verifiers/acknowledgement.ts";
import type { PlanInput } from "./planInput.ts";
import type { StepEvent, WriteStep } from "./step.ts";

const ADOPTED: StepEvent = {
  type: "Normal",
  reason: "Adopted",
  action: "Projecting",
  message: "Took over the projection of the former object of this name, with its id and keys",
};

/**
 * Creates the projection if it is missing, and replaces it if its document differs. Undefined if it is up to date. `lost` is the last
 * document of a projection that was deleted by hand.
 */
export function planProjection(
  input: PlanInput,
  document: Projection,
  { event, lost }: { readonly event?: StepEvent | undefined; readonly lost?: Projection | undefined } = {},
): WriteStep | undefined {
  const { projection } = input;
  const before = projection?.document;
  if (before && isSameProjection(before, document)) return undefined;
  const change = changeTo(document, input, before ?? lost);
  const adopted = before !== undefined && before.uid !== document.uid;
  const recorded = adopted ? ADOPTED : event;
  const withEvent = recorded ? { event: recorded } : {};
  if (!projection) return { kind: "createProjection", document, change, ...withEvent };
  return {
    kind: "replaceProjection",
    document,
    change,
    resourceVersion: projection.resourceVersion,
    ...withEvent,
  };
}

/** An unacknowledged removal stays a removal in the next version: every verifier has to acknowledge that version as well. */
function changeTo(document: Projection, input: PlanInput, before: Projection | undefined): Change {
  const { projection, acknowledgement, times } = input;
  if (projection && !projection.document) return "Removal";
  const isPending = projection?.change === "Removal" && !isAcknowledgedByAll(acknowledgement);
  return isPending ? "Removal" : changeOf(before, document, times);
}
