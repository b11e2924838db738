import { KINDS } from "../../api/vocabulary.ts";
import { error, type Finding, judge, warning } from "../finding.ts";
import type { Samples } from "./metricSamples.ts";

/** One process as its metrics port shows it. */
export interface ProcessSeen {
  readonly where: string;
  readonly url: string;
  /** Whether /readyz says so. */
  readonly isReady: boolean;
  readonly samples: Samples;
}

/** The watch tells something each minute, so this is more than one of them late. */
const STALE_SECONDS = 150;

/** Whether a verifier (or standalone) can decide; `version` is this program's. */
export function verifierIsSound(
  { where, isReady, samples }: ProcessSeen,
  version: string,
): readonly Finding[] {
  if (samples.value("countersign_verifier_ready") === undefined)
    return [
      judge(
        "cannot-look",
        where,
        "it has no metrics of a verifier",
        error("the --metrics-listen of a verifier"),
      ),
    ];
  const staleness = samples.value("countersign_verifier_staleness_seconds") ?? 0;
  return [
    judge(
      "verifier-not-ready",
      where,
      isReady ? "ready" : "not ready",
      !isReady &&
        error("look at its log: can it reach the API server, has it the rights of manifests/rights?"),
    ),
    judge(
      "verifier-stale",
      where,
      staleness < 0 ? "no state yet" : `state of ${Math.round(staleness)} s ago`,
      staleness > STALE_SECONDS &&
        warning("look at its log and at the network between it and the API server"),
    ),
    ...projections(where, samples),
    sameVersion(where, samples, version),
  ];
}

function projections(where: string, samples: Samples): readonly Finding[] {
  const count = (kind: string) => samples.value("countersign_projections", "kind", kind) ?? 0;
  const none = KINDS.filter((kind) => count(kind) === 0);
  const unreadable = count("unreadable");
  return [
    judge(
      "verifier-empty",
      where,
      KINDS.map((kind) => `${count(kind)} ${kind}s`).join(", "),
      none.length > 0 &&
        warning(`an ${none.join(", an ")}: see examples/quickstart, and that the operator runs`),
    ),
    judge(
      "verifier-unreadable",
      where,
      `${unreadable} projections that cannot be read`,
      unreadable > 0 && error("the operator's version of Countersign for the verifier too"),
    ),
  ];
}

/** Of any process with a metrics port. */
export function sameVersion(where: string, samples: Samples, version: string): Finding {
  const theirs = samples.label("countersign_build_info", "version");
  return judge(
    "versions-differ",
    where,
    `it runs ${theirs ?? "a version that does not tell"}, this is ${version}`,
    theirs !== version && warning("one version for operator, verifiers and this program"),
  );
}
