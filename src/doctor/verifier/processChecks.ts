import { KINDS } from "../../api/vocabulary.ts";
import { error, type Finding, judge, warning } from "../finding.ts";
import type { MetricSamples } from "./metricSamples.ts";

/** One process by its metrics port. */
export interface ProcessSnapshot {
  readonly where: string;
  readonly url: string;
  /** Whether /readyz returned 200. */
  readonly isReady: boolean;
  readonly samples: MetricSamples;
}

/** The API server sends a bookmark each minute, so more than one of them is late. */
const STALE_SECONDS = 150;

/** Checks whether a verifier, or standalone, can decide. `version` is the version of this program. */
export function checkVerifier(
  { where, isReady, samples }: ProcessSnapshot,
  version: string,
): readonly Finding[] {
  if (samples.value("countersign_verifier_ready") === undefined) {
    const problem = error("the --metrics-listen of a verifier");
    return [judge("cannot-look", where, "it has no metrics of a verifier", problem)];
  }
  const staleness = samples.value("countersign_verifier_staleness_seconds") ?? 0;
  return [
    judge(
      "verifier-not-ready",
      where,
      isReady ? "ready" : "not ready",
      !isReady &&
        error(
          "look at its log: can it reach the API server, and does it have the rights of manifests/rights?",
        ),
    ),
    judge(
      "verifier-stale",
      where,
      staleness < 0 ? "it has no state yet" : `its state is ${Math.round(staleness)} s old`,
      staleness > STALE_SECONDS &&
        warning("look at its log and at the network between it and the API server"),
    ),
    ...hasProjections(where, samples),
    ...enforces(where, samples),
    runsVersion(where, samples, version),
  ];
}

function hasProjections(where: string, samples: MetricSamples): readonly Finding[] {
  const count = (kind: string) => samples.value("countersign_projections", "kind", kind) ?? 0;
  const missing = KINDS.filter((kind) => count(kind) === 0);
  const unreadable = count("unreadable");
  return [
    judge(
      "verifier-empty",
      where,
      KINDS.map((kind) => `${count(kind)} ${kind}s`).join(", "),
      missing.length > 0 &&
        warning(`an ${missing.join(", an ")}: see examples/quickstart, and check that the operator runs`),
    ),
    judge(
      "verifier-unreadable",
      where,
      `${unreadable} projections cannot be read`,
      unreadable > 0 && error("the operator's version of Countersign for the verifier too"),
    ),
  ];
}

/** Checks whether the decisions are enforced. */
function enforces(where: string, samples: MetricSamples): readonly Finding[] {
  const total = samples.sum("countersign_shadowed_requests_total");
  const allowed = samples.value("countersign_shadowed_requests_total", "code", "Allowed") ?? 0;
  const passed = `${total - allowed} requests that it would deny were allowed since its start`;
  const isShadow = samples.value("countersign_verifier_shadow") === 1;
  const grants = samples.value("countersign_verifier_shadow_grants") ?? 0;
  return [
    judge(
      "verifier-shadow",
      where,
      isShadow ? `it runs with --shadow; ${passed}` : "it runs without --shadow",
      isShadow && error("start it without --shadow (chart: verifier.shadow: false)"),
    ),
    judge(
      "grants-shadow",
      where,
      `${grants} ApiGrants with enforcement: Shadow${grants > 0 ? `; ${passed}` : ""}`,
      grants > 0 && warning("enforcement: Enforce in these ApiGrants, once no caller would be denied"),
    ),
  ];
}

/** Checks whether a process runs the version of this program. */
export function runsVersion(where: string, samples: MetricSamples, version: string): Finding {
  const theirs = samples.label("countersign_build_info", "version");
  return judge(
    "versions-differ",
    where,
    `it runs ${theirs ?? "an unknown version"}, this program is ${version}`,
    theirs !== version && warning("one version for operator, verifiers and this program"),
  );
}
