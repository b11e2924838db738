import type { Condition } from "../../api/meta.ts";
import { isSameJson } from "../../base/json.ts";
import type { StatusContent } from "../../store/store.ts";
import { type DraftOrKept, toConditions } from "../conditions/conditionDraft.ts";
import type { Reason } from "../conditions/reasons.ts";
import { refOf } from "../subject.ts";
import type { KubeObject, PlanInput } from "./planInput.ts";
import type { WriteStep } from "./step.ts";

/**
 * Writes the status if it differs from the present one, but not if all that it would report is a wait for verifiers that may end by
 * itself. `more` holds the kind's own fields. Without it the present fields are kept, because a status is always written as a whole.
 */
export function planStatus(
  input: PlanInput,
  object: KubeObject,
  drafts: readonly DraftOrKept[],
  more?: object,
): WriteStep | undefined {
  if (isQuiet(input, object, drafts)) return undefined;
  const { metadata, status } = object;
  const generation = metadata.generation ?? 0;
  const wanted: StatusContent = {
    ...(more ?? status),
    observedGeneration: generation,
    conditions: toConditions(drafts, status?.conditions, generation, input.times.now),
  };
  if (isSame(wanted, status)) return undefined;
  return {
    kind: "writeStatus",
    object: refOf(input.subject.kind, metadata),
    status: wanted,
    resourceVersion: metadata.resourceVersion,
  };
}

/** The reasons of Ready that the acknowledgement of the verifiers alone ends. */
const WAITS: ReadonlySet<string> = new Set<Reason>([
  "WaitingForKey",
  "WaitingForVerifiers",
  "Deleting",
  "ReplacingNamesake",
]);

/** A status that claims Ready is corrected at once: Ready means acknowledged. On an object that is being deleted it claims nothing. */
function isQuiet(
  { quietUntil, times }: PlanInput,
  { metadata, status }: KubeObject,
  drafts: readonly DraftOrKept[],
): boolean {
  const reasonOf = (wanted: string) => drafts.find(({ type }) => type === wanted)?.reason ?? "";
  if (times.now >= quietUntil || reasonOf("Programmed") !== "WaitingForVerifiers") return false;
  if (!WAITS.has(reasonOf("Ready"))) return false;
  const claimsReady = status?.conditions?.some((one) => one.type === "Ready" && one.status === "True");
  return metadata.deletionTimestamp !== undefined || claimsReady !== true;
}

function isSame(wanted: StatusContent, present: StatusContent | undefined): boolean {
  return isSameJson({ ...wanted, conditions: byType(wanted) }, { ...present, conditions: byType(present) });
}

/** Conditions are a map by type, so their order is irrelevant. */
function byType(status: StatusContent | undefined): readonly Condition[] {
  return [...(status?.conditions ?? [])].sort((a, b) => (a.type < b.type ? -1 : 1));
}
