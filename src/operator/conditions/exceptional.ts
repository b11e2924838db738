import type { Condition } from "../../api/meta.ts";
import type { Problem } from "../../api/validation/problem.ts";
import { type ConditionDraft, type DraftOrKept, listed } from "./conditionDraft.ts";
import { type ProjectionState, programmed } from "./programmed.ts";

/** Conditions of an object whose spec does not match the schema. Only an edit resolves this, so it is Stalled. */
export function invalidConditions(problems: readonly Problem[]): readonly ConditionDraft[] {
  const [reason, message] = ["Invalid", problemText(problems)] as const;
  return [
    { type: "Accepted", status: "False", reason, message },
    { type: "Stalled", status: "True", reason, message },
    { type: "Ready", status: "False", reason, message },
  ];
}

/** Conditions of an object while the projection of its name is withdrawn; the other conditions are kept. */
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

/** Conditions of an object whose projection cannot be read. The projection is left alone: a new one would have a new id and new keys. */
export function unreadableConditions(): readonly ConditionDraft[] {
  const message =
    "The projection of this object cannot be read; it may have been written by a newer version of Countersign. Restore it, or delete it to get a new one";
  return [
    { type: "Programmed", status: "False", reason: "ProjectionUnreadable", message },
    { type: "Ready", status: "False", reason: "ProjectionUnreadable", message },
  ];
}

/** Conditions of an object whose last write the store refused; the other conditions are kept. */
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
