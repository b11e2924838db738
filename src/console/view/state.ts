import type { Condition, ObjectMeta } from "../../api/meta.ts";
import type { Kind } from "../../api/vocabulary.ts";

/**
 * How an object is doing. ready: in effect; off: as specified, but not in effect (suspended, expired, not yet in force, Shadow);
 * notReady: something is to be done; waiting: the operator has not finished; deleting: on its way out.
 */
export const OBJECT_STATES = ["ready", "notReady", "waiting", "off", "deleting"] as const;
export type ObjectState = (typeof OBJECT_STATES)[number];

/** The state with its reason; reasons are those of docs/reasons.md. */
export interface StateView {
  readonly state: ObjectState;
  /** Of the Ready condition; "" if it is missing. */
  readonly reason: string;
  /** In English, from the operator. */
  readonly message: string;
}

/** A condition as the page of an object shows it. */
export interface ConditionView {
  readonly type: string;
  readonly status: Condition["status"];
  readonly reason: string;
  readonly message: string;
  /** RFC 3339. */
  readonly since: string;
  /** False if it describes an older generation of the spec. */
  readonly isCurrent: boolean;
}

/** What any of the three kinds has. */
export interface StatusObject {
  readonly kind: Kind;
  readonly metadata: ObjectMeta;
  readonly status?: { readonly conditions?: readonly Condition[] };
}

/** The state of an object by its Ready condition. */
export function stateOf({ metadata, status }: StatusObject): StateView {
  const ready = status?.conditions?.find(({ type }) => type === "Ready");
  const { reason = "", message = "" } = ready ?? {};
  if (metadata.deletionTimestamp !== undefined) return { state: "deleting", reason, message };
  if (!ready || !isCurrent(ready, metadata) || ready.status === "Unknown")
    return { state: "waiting", reason, message };
  if (ready.status === "False") return { state: "notReady", reason, message };
  return { state: reason === "Ready" ? "ready" : "off", reason, message };
}

/** All conditions of an object, in its order. */
export function conditionsOf({ metadata, status }: StatusObject): readonly ConditionView[] {
  return (status?.conditions ?? []).map((condition) => ({
    type: condition.type,
    status: condition.status,
    reason: condition.reason,
    message: condition.message,
    since: condition.lastTransitionTime,
    isCurrent: isCurrent(condition, metadata),
  }));
}

/** Objects of a directory have no generation, nor do their conditions. */
function isCurrent({ observedGeneration }: Condition, { generation }: ObjectMeta): boolean {
  return observedGeneration === generation;
}
