import { Counter, Gauge, Histogram, type Registry } from "prom-client";
import { ALGORITHMS, DECISION_CODES, KINDS, OPEN_VARIANTS, PARAMETER_SETTINGS } from "../api/vocabulary.ts";
import { OTHER } from "./labels.ts";
import { PROXY_SIGNS } from "./proxySigns.ts";
import { tlsMetrics } from "./tlsMetrics.ts";

/** The verifier's series; all exist at 0 from the start, so that an alert on their rate works. */
export function verifierMetrics(registry: Registry) {
  const metrics = {
    ...decisionMetrics(registry),
    ...signatureMetrics(registry),
    ...proxyMetrics(registry),
    ...stateMetrics(registry),
    ...tlsMetrics(registry),
  };
  for (const code of DECISION_CODES) metrics.decisions.inc({ code }, 0);
  for (const sign of PROXY_SIGNS) metrics.proxy.inc({ sign }, 0);
  metrics.forms.inc({ form: "documented" }, 0);
  for (const algorithm of ALGORITHMS) metrics.algorithms.inc({ algorithm }, 0);
  for (const variant of OPEN_VARIANTS) {
    metrics.openVariants.inc({ variant, application: OTHER }, 0);
    metrics.nearMisses.inc({ setting: settingOf({ openVariants: [variant] }) }, 0);
  }
  for (const parameters of PARAMETER_SETTINGS)
    metrics.nearMisses.inc({ setting: settingOf({ parameters }) }, 0);
  for (const kind of [...KINDS, "unreadable"]) metrics.projections.set({ kind }, 0);
  return metrics;
}

export type VerifierMetrics = ReturnType<typeof verifierMetrics>;

function decisionMetrics(registry: Registry) {
  return {
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
  };
}

/** How callers sign. */
function signatureMetrics(registry: Registry) {
  return {
    forms: new Counter({
      name: "countersign_form_total",
      help: "Verified requests by the form of the string to sign.",
      labelNames: ["form"],
      registers: [registry],
    }),
    algorithms: new Counter({
      name: "countersign_algorithm_total",
      help: "Verified requests by the algorithm of the signature.",
      labelNames: ["algorithm"],
      registers: [registry],
    }),
    clockSkew: new Histogram({
      name: "countersign_clock_skew_seconds",
      help: "How far the X-Date of verified requests is from this machine's clock, either way.",
      buckets: [1, 5, 15, 60, 300, 600, 900],
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
  };
}

/** What is between the callers and the verifier. */
function proxyMetrics(registry: Registry) {
  return {
    proxy: new Counter({
      name: "countersign_proxy_checks_total",
      help: "Checks by what they show of the proxy's configuration; one Check may show several signs.",
      labelNames: ["sign"],
      registers: [registry],
    }),
    maxRequestBytes: new Gauge({
      name: "countersign_max_request_bytes",
      help: "Bodies of this length and above are refused; the proxy should send none of them.",
      registers: [registry],
    }),
  };
}

/** What the process is like now. */
function stateMetrics(registry: Registry) {
  return {
    ready: new Gauge({
      name: "countersign_verifier_ready",
      help: "1 while decisions are made.",
      registers: [registry],
    }),
    staleness: new Gauge({
      name: "countersign_verifier_staleness_seconds",
      help: "Time since the projections were last known to be current; -1 before they ever were.",
      registers: [registry],
    }),
    maxStaleness: new Gauge({
      name: "countersign_verifier_max_staleness_seconds",
      help: "At this staleness every request is refused; 0 where there is no such bound.",
      registers: [registry],
    }),
    projections: new Gauge({
      name: "countersign_projections",
      help: "Projections in effect by kind; unreadable ones take part in no decision.",
      labelNames: ["kind"],
      registers: [registry],
    }),
  };
}

/** What to set, such as `parameters: Decoded` or `openVariants: FormNotSigned`. */
export function settingOf({
  parameters,
  openVariants = [],
}: {
  readonly parameters?: string;
  readonly openVariants?: readonly string[];
}): string {
  const named = openVariants.length > 0 ? `openVariants: ${openVariants.join(" ")}` : "";
  return [parameters === undefined ? "" : `parameters: ${parameters}`, named].filter(Boolean).join(", ");
}
