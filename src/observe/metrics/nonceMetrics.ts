import type { Registry } from "prom-client";
import { NONCE_RESULTS } from "../../api/vocabulary.ts";
import { LabelCounter } from "./plainMetrics.ts";

/** Of replay protection. */
export function nonceMetrics(registry: Registry) {
  return {
    nonceChecks: new LabelCounter({
      name: "countersign_nonce_checks_total",
      help: "Nonces of verified and granted requests by what the nonce store returned: first, repeated, or that it is full or unavailable.",
      label: "result",
      known: NONCE_RESULTS,
      registry,
    }),
  };
}
