import type { Condition } from "../../api/meta.ts";
import type { Lifetime } from "../plan/lifetime.ts";
import type { StepEvent } from "../plan/step.ts";
import type { ConditionDraft, DraftOrKept } from "./conditionDraft.ts";

/** An object that expires within a week has the condition Expiring, as the alert CountersignExpiresSoon fires; milliseconds. */
const EXPIRES_SOON_MS = 7 * 24 * 3_600_000;

/** Expiring: only while the expiresAt is at most a week away, and has not passed. */
export function expiring({ expiresAt }: Lifetime, now: number): readonly ConditionDraft[] {
  const left = endOf(expiresAt) - now;
  if (left <= 0 || left > EXPIRES_SOON_MS) return [];
  const message = `From ${expiresAt} on its requests are denied with 403: set a later expiresAt, or remove it`;
  return [{ type: "Expiring", status: "True", reason: "ExpiresSoon", message }];
}

/** When time alone will add the condition Expiring: epoch milliseconds, infinity for never. */
export function expiringFrom({ expiresAt }: Lifetime): number {
  return endOf(expiresAt) - EXPIRES_SOON_MS;
}

/** Conditions that are a reminder: the Event of the same reason is recorded when one is added. */
const REMINDERS: readonly string[] = ["Expiring", "RotationDue", "Unused"];

const REMINDER_REASONS = ["ExpiresSoon", "KeyIsOld", "NotUsed"] as const;

/** The Event for the first reminder that the present status does not have yet. */
export function reminderEvent(
  drafts: readonly DraftOrKept[],
  before: readonly Condition[] | undefined,
): StepEvent | undefined {
  const added = drafts.find(
    ({ type }) => REMINDERS.includes(type) && !before?.some((one) => one.type === type),
  );
  const reason = REMINDER_REASONS.find((one) => one === added?.reason);
  if (!added || !reason) return undefined;
  return { type: "Warning", reason, action: "Writing", message: added.message };
}

function endOf(time: string | undefined): number {
  return time === undefined ? Number.POSITIVE_INFINITY : Date.parse(time);
}
