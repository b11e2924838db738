import { type Acknowledgement, isAcknowledgedByAll } from "../verifiers/acknowledgement.ts";
import type { Rest } from "./step.ts";

/** Done: nothing to write and nothing to wait for. */
export const REST: Rest = { kind: "rest", waitsForVerifiers: false };

/** Nothing to write until the verifiers acknowledge the projection, or until `until` (epoch milliseconds; infinity for never). */
export function restUntil(acknowledgement: Acknowledgement, until = Number.POSITIVE_INFINITY): Rest {
  return {
    kind: "rest",
    waitsForVerifiers: !isAcknowledgedByAll(acknowledgement),
    ...(Number.isFinite(until) ? { until } : {}),
  };
}
