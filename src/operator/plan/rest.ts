import { isAcknowledgedByAll } from "../verifiers/acknowledgement.ts";
import type { PlanInput } from "./planInput.ts";
import type { Rest } from "./step.ts";

/** Done: nothing to write and nothing to wait for. */
export const REST: Rest = { kind: "rest", waitsForVerifiers: false };

/**
 * Nothing to write until the verifiers acknowledge the projection, until the wait for them is due to be reported, or until `until` (epoch
 * milliseconds; infinity for never).
 */
export function restUntil(
  { acknowledgement, quietUntil, times }: Pick<PlanInput, "acknowledgement" | "quietUntil" | "times">,
  until = Number.POSITIVE_INFINITY,
): Rest {
  const waitsForVerifiers = !isAcknowledgedByAll(acknowledgement);
  const report = waitsForVerifiers && quietUntil > times.now ? quietUntil : Number.POSITIVE_INFINITY;
  const next = Math.min(until, report);
  return { kind: "rest", waitsForVerifiers, ...(Number.isFinite(next) ? { until: next } : {}) };
}
