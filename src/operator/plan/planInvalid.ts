import type { Problem } from "../../api/validation/problem.ts";
import type { Projection } from "../../projection/documents.ts";
import { invalidConditions } from "../conditions/exceptional.ts";
import { programmed } from "../conditions/programmed.ts";
import type { KubeObject, PlanInput } from "./planInput.ts";
import { planProjection } from "./planProjection.ts";
import { planStatus } from "./planStatus.ts";
import { REST, restUntil } from "./rest.ts";
import type { Step } from "./step.ts";

/**
 * The next step for an object whose stored spec does not match the schema. `disabled` is its last document, changed so that it allows
 * nothing; undefined if the object has no projection. No projection is created for an invalid spec.
 */
export function planInvalid(
  input: PlanInput,
  object: KubeObject,
  problems: readonly Problem[],
  disabled: Projection | undefined,
): Step {
  const conditions = [...invalidConditions(problems), ...(disabled ? [programmed(input)] : [])];
  return (
    (disabled && planProjection(input, disabled)) ??
    planStatus(input, object, conditions) ??
    (disabled ? restUntil(input) : REST)
  );
}
