import { Gauge, type Registry } from "prom-client";
import { NONCE_RESULTS } from "../../api/vocabulary.ts";
import { LabelCounter, PlainHistogram } from "./plainMetrics.ts";

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
    nonceDuration: new PlainHistogram({
      name: "countersign_nonce_check_duration_seconds",
      help: "Time until the nonce store replied, or until its timeout.",
      buckets: [0.000_05, 0.000_1, 0.000_25, 0.000_5, 0.001, 0.002_5, 0.005, 0.01, 0.05, 0.25],
      registry,
    }),
    nonceStore: new Gauge({
      name: "countersign_nonce_store_available",
      help: "1 while nonces can be checked; 0 while the store is full or cannot be reached. The label is where the verifier remembers them.",
      labelNames: ["kind"],
      registers: [registry],
    }),
  };
}
