import type { Condition } from "../../api/meta.ts";
import type { Problem } from "../../api/validation/problem.ts";
import { type ConditionDraft, type DraftOrKept, listed } from "./conditionDraft.ts";
import { type ProjectionState, programmed } from "./programmed.ts";

/** Of an object whose spec does not match the schema: only an edit helps, so it is Stalled. */
export function invalidConditions(problems: readonly Problem[]): readonly ConditionDraft[] {
  const [reason, message] = ["Invalid", problemText(problems)] as const;
  return [
    { type: "Accepted", status: "False", reason, message },
    { type: "Stalled", status: "True", reason, message },
    { type: "Ready", status: "False", reason, message },
  ];
}

/** Of an object while the projection of its name is withdrawn; the other conditions are kept. */
export function withdrawalConditions(
  state: ProjectionState,
  reason: "Deleting" | "ReplacingNamesake",
  before: readonly Condition[] = [],
): readonly DraftOrKept[] {
  const { message } = programmed(state);
  return [
    ...before.filter(({ type }) => type !== "Programmed" && type !== "Ready"),
    { type: "Programmed", status: "False", reason: "WaitingForVerifiers", message },
    { type: "Ready", status: "False", reason, message },
  ];
}

/** Of an object whose projection cannot be read. Nothing is written then: a new projection could hand out new keys. */
export function unreadableConditions(): readonly ConditionDraft[] {
  const message =
    "The projection of this object cannot be read; it may be of a newer version of Countersign. Restore it, or delete it to begin anew";
  return [
    { type: "Programmed", status: "False", reason: "ProjectionUnreadable", message },
    { type: "Ready", status: "False", reason: "ProjectionUnreadable", message },
  ];
}

/** Of an object whose last write the store refused; the other conditions are kept. */
export function refusedConditions(
  message: string,
  before: readonly Condition[] = [],
): readonly DraftOrKept[] {
  const text = `A write was refused: ${message}`.slice(0, 1024);
  return [
    ...before.filter(({ type }) => type !== "Stalled" && type !== "Ready"),
    { type: "Stalled", status: "True", reason: "WriteRefused", message: text },
    { type: "Ready", status: "False", reason: "WriteRefused", message: text },
  ];
}

/** The first problems as one text, each with its field. */
export function problemText(problems: readonly Problem[]): string {
  return listed(problems.map(({ field, message }) => (field ? `${field}: ${message}` : message)));
}
