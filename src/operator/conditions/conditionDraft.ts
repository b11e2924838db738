import type { Condition } from "../../api/meta.ts";
import { EPOCH, timestamp } from "../../base/timestamp.ts";
import type { Reason } from "./reasons.ts";

/** The types of conditions that the operator sets. */
type ConditionType =
  | "Accepted"
  | "CredentialsReady"
  | "ResolvedRefs"
  | "HostsOwned"
  | "Programmed"
  | "Ready"
  | "WeakSigning"
  | "Shadowing"
  | "WeakCredentials"
  | "BroadPath"
  | "Expiring"
  | "RotationDue"
  | "Unused"
  | "Stalled";

/** A condition before it is written: without its generation and transition time. */
export interface ConditionDraft {
  readonly type: ConditionType;
  readonly status: Condition["status"];
  readonly reason: Reason;
  readonly message: string;
}

/** A draft, or a condition of the present status that is kept. */
export type DraftOrKept = Pick<Condition, "type" | "status" | "reason" | "message">;

/** Completes the drafts. A transition time is kept for as long as the status of its condition stays the same. */
export function toConditions(
  drafts: readonly DraftOrKept[],
  before: readonly Condition[] | undefined,
  generation: number,
  now: number,
): readonly Condition[] {
  return drafts.map(({ type, status, reason, message }) => {
    const old = before?.find((one) => one.type === type);
    const kept = old && old.status === status && old.lastTransitionTime !== EPOCH;
    return {
      type,
      status,
      reason,
      message,
      observedGeneration: generation,
      lastTransitionTime: kept ? old.lastTransitionTime : timestamp(now),
    };
  });
}

/** The first `most` names, and how many more there are. */
export function listed(names: readonly string[], most = 5): string {
  const more = names.length - most;
  return names.slice(0, most).join(", ") + (more > 0 ? ` and ${more} more` : "");
}
