import { Counter, Gauge, Histogram, type Registry } from "prom-client";

/** Codes of decisions are a fixed set, so they may be labels; ids and hosts are strangers' words and never are. */
export const DECISION_CODES = [
  "Allowed",
  "AuthorizationMissing",
  "AuthorizationMalformed",
  "AuthorizationIncomplete",
  "KeyOrSignatureMissing",
  "AlgorithmUnsupported",
  "SignedHeaderMissing",
  "SignedHeaderRepeated",
  "DateInvalid",
  "DateOutOfWindow",
  "KeyUnknown",
  "SignatureMismatch",
  "RequestUnverifiable",
  "BodyUnverifiable",
  "TooManyParameters",
  "UnsafePath",
  "ApiNotGranted",
  "NoApiMatch",
  "NoApplicationBound",
  "ApplicationSuspended",
  "ApplicationExpired",
  "ContextMismatch",
  "NotReady",
  "InternalError",
] as const;

/** The verifier's series; all exist at 0 from the start, so that an alert on their rate works. */
export function verifierMetrics(registry: Registry) {
  const metrics = {
    decisions: new Counter({
      name: "countersign_decisions_total",
      help: "Decisions by code; Allowed, or the code of the denial.",
      labelNames: ["code"],
      registers: [registry],
    }),
    duration: new Histogram({
      name: "countersign_decision_duration_seconds",
      help: "Time from a decoded call to its answer.",
      buckets: [0.000_05, 0.000_1, 0.000_25, 0.000_5, 0.001, 0.002_5, 0.005, 0.01, 0.05, 0.25],
      registers: [registry],
    }),
    forms: new Counter({
      name: "countersign_form_total",
      help: "Verified requests by the form of the string to sign.",
      labelNames: ["form"],
      registers: [registry],
    }),
    openVariants: new Counter({
      name: "countersign_open_variant_total",
      help: "Verified requests that needed an open variant, by Application.",
      labelNames: ["variant", "application"],
      registers: [registry],
    }),
    nearMisses: new Counter({
      name: "countersign_near_miss_total",
      help: "Refused requests that would verify under another setting of their Application (a sample).",
      labelNames: ["setting"],
      registers: [registry],
    }),
    ready: new Gauge({
      name: "countersign_verifier_ready",
      help: "1 while decisions are made.",
      registers: [registry],
    }),
    staleness: new Gauge({
      name: "countersign_verifier_staleness_seconds",
      help: "Time since the projections were last known to be current.",
      registers: [registry],
    }),
    projections: new Gauge({
      name: "countersign_projections",
      help: "Projections in effect by kind; unreadable ones take part in no decision.",
      labelNames: ["kind"],
      registers: [registry],
    }),
  };
  for (const code of DECISION_CODES) metrics.decisions.inc({ code }, 0);
  metrics.forms.inc({ form: "documented" }, 0);
  for (const kind of ["Application", "ApiGrant", "ApiDomain", "unreadable"])
    metrics.projections.set({ kind }, 0);
  return metrics;
}

export type VerifierMetrics = ReturnType<typeof verifierMetrics>;

/** The operator's series. */
export function operatorMetrics(registry: Registry) {
  const metrics = {
    reconciles: new Counter({
      name: "countersign_reconcile_total",
      help: "Reconciles by kind and result.",
      labelNames: ["kind", "result"],
      registers: [registry],
    }),
    duration: new Histogram({
      name: "countersign_reconcile_duration_seconds",
      help: "Time of one reconcile by kind.",
      labelNames: ["kind"],
      buckets: [0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5],
      registers: [registry],
    }),
    queueDepth: new Gauge({
      name: "countersign_queue_depth",
      help: "Objects that wait to be reconciled.",
      registers: [registry],
    }),
    leading: new Gauge({
      name: "countersign_operator_leading",
      help: "1 while this operator leads.",
      registers: [registry],
    }),
    watchRestarts: new Counter({
      name: "countersign_watch_restarts_total",
      help: "Watches that were begun anew.",
      registers: [registry],
    }),
  };
  for (const kind of ["Application", "ApiGrant", "ApiDomain"]) {
    for (const result of ["done", "later", "error"]) metrics.reconciles.inc({ kind, result }, 0);
  }
  return metrics;
}

export type OperatorMetrics = ReturnType<typeof operatorMetrics>;

/** What the operator counts, as series. */
export function operatorMeter({ reconciles, duration, queueDepth }: OperatorMetrics) {
  return {
    reconciled: (kind: string, result: string, seconds: number) => {
      reconciles.inc({ kind, result });
      duration.observe({ kind }, seconds);
    },
    queueDepth: (depth: number) => queueDepth.set(depth),
  };
}
