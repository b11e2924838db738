import { Counter, Gauge, type Registry } from "prom-client";
import {
  ALGORITHMS,
  DECISION_CODES,
  DENIAL_CODES,
  KINDS,
  OPEN_VARIANTS,
  PARAMETER_SETTINGS,
  SCHEME_NAMES,
} from "../../api/vocabulary.ts";
import { PROXY_SIGNS } from "../proxySigns.ts";
import { settingText } from "../settingText.ts";
import { OTHER } from "./labels.ts";
import { nonceMetrics } from "./nonceMetrics.ts";
import { LabelCounter, PlainHistogram, SeriesCounter } from "./plainMetrics.ts";
import { tlsMetrics } from "./tlsMetrics.ts";

/** The names of variants that have a series from the start; others appear with their first request. */
const FORMS: readonly string[] = ["documented"];

/** The verifier's metrics. All series exist at 0 from the start, so that an alert on their rate works. */
export function verifierMetrics(registry: Registry) {
  const metrics = {
    ...decisionMetrics(registry),
    ...signingMetrics(registry),
    ...nonceMetrics(registry),
    ...stateGauges(registry),
    ...tlsMetrics(registry),
  };
  for (const variant of OPEN_VARIANTS) {
    metrics.openVariants.inc({ variant, application: OTHER }, 0);
    metrics.nearMisses.inc({ setting: settingText({ openVariants: [variant] }) }, 0);
  }
  for (const code of DENIAL_CODES) metrics.denials.series(code, "", "");
  for (const scheme of SCHEME_NAMES) {
    metrics.schemes.series(scheme, OTHER);
    metrics.nearMisses.inc({ setting: settingText({ schemes: [scheme] }) }, 0);
  }
  for (const parameters of PARAMETER_SETTINGS)
    metrics.nearMisses.inc({ setting: settingText({ parameters }) }, 0);
  for (const kind of [...KINDS, "unreadable"]) metrics.projections.set({ kind }, 0);
  return metrics;
}

export type VerifierMetrics = ReturnType<typeof verifierMetrics>;

function decisionMetrics(registry: Registry) {
  return {
    decisions: new LabelCounter({
      name: "countersign_decisions_total",
      help: "Decisions by code; Allowed, or the code of the denial.",
      label: "code",
      known: DECISION_CODES,
      registry,
    }),
    denials: new SeriesCounter({
      name: "countersign_denials_total",
      help: "Decisions that deny, by code, by the Application whose key the request names (its signature may be wrong) and, for a caller whose signature is right, by an API at the path; empty where it is not known.",
      labels: ["code", "application", "api"],
      registry,
    }),
    shadowed: new LabelCounter({
      name: "countersign_shadowed_requests_total",
      help: "Requests that were allowed in Shadow mode, by the code of the decision; countersign_decisions_total counts them too.",
      label: "code",
      known: DECISION_CODES,
      registry,
    }),
    duration: new PlainHistogram({
      name: "countersign_decision_duration_seconds",
      help: "Time from a decoded call to its reply.",
      buckets: [0.000_05, 0.000_1, 0.000_25, 0.000_5, 0.001, 0.002_5, 0.005, 0.01, 0.05, 0.25],
      registry,
    }),
    proxy: new LabelCounter({
      name: "countersign_proxy_checks_total",
      help: "Checks by what they show of the proxy's configuration; one Check may show several signs.",
      label: "sign",
      known: PROXY_SIGNS,
      registry,
    }),
  };
}

/** Of requests whose signature was verified, or would verify under other settings. */
function signingMetrics(registry: Registry) {
  return {
    forms: new LabelCounter({
      name: "countersign_form_total",
      help: "Verified requests by the variant of the string to sign.",
      label: "form",
      known: FORMS,
      registry,
    }),
    algorithms: new LabelCounter({
      name: "countersign_algorithm_total",
      help: "Verified requests by the algorithm of the signature.",
      label: "algorithm",
      known: ALGORITHMS as readonly string[],
      registry,
    }),
    schemes: new SeriesCounter({
      name: "countersign_scheme_total",
      help: "Verified requests by signature scheme and Application.",
      labels: ["scheme", "application"],
      registry,
    }),
    clockSkew: new PlainHistogram({
      name: "countersign_clock_skew_seconds",
      help: "How far the signed date of verified requests is from this machine's clock, in either direction.",
      buckets: [1, 5, 15, 60, 300, 600, 900],
      registry,
    }),
    openVariants: new Counter({
      name: "countersign_open_variant_total",
      help: "Verified requests that needed an open variant, by Application.",
      labelNames: ["variant", "application"],
      registers: [registry],
    }),
    nearMisses: new Counter({
      name: "countersign_near_miss_total",
      help: "Denied requests that would verify under another setting of their Application (a sample).",
      labelNames: ["setting"],
      registers: [registry],
    }),
  };
}

function stateGauges(registry: Registry) {
  return {
    maxRequestBytes: new Gauge({
      name: "countersign_max_request_bytes",
      help: "Bodies of this length and above are denied; the proxy should not send them.",
      registers: [registry],
    }),
    shadow: new Gauge({
      name: "countersign_verifier_shadow",
      help: "1 if the verifier runs with --shadow and allows every request; 0 if it enforces its decisions.",
      registers: [registry],
    }),
    shadowGrants: new Gauge({
      name: "countersign_verifier_shadow_grants",
      help: "ApiGrants with enforcement Shadow among the projections in effect.",
      registers: [registry],
    }),
    ready: new Gauge({
      name: "countersign_verifier_ready",
      help: "1 while the verifier decides requests; 0 while it denies all of them.",
      registers: [registry],
    }),
    staleness: new Gauge({
      name: "countersign_verifier_staleness_seconds",
      help: "Time since the projections were last known to be current; -1 before the first time.",
      registers: [registry],
    }),
    maxStaleness: new Gauge({
      name: "countersign_verifier_max_staleness_seconds",
      help: "At this staleness every request is denied; 0 without a limit.",
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
