import { error, type Finding, judge, warning } from "../finding.ts";
import type { EnvoySnapshot } from "./envoySnapshot.ts";

/** The first versions with the fixes of 2026-08-26, by minor version. Later minor versions have all of them. */
const FIXED: readonly (readonly [minor: number, patch: number])[] = [
  [38, 4],
  [39, 1],
];

/** Whether this version of Envoy has the fixes that a check relies on. */
export function isFixed(version: string): boolean {
  const [major = 0, minor = 0, patch = 0] = version.split(".").map(Number);
  if (major !== 1) return major > 1;
  const fixed = FIXED.find(([of]) => of === minor);
  return fixed ? patch >= fixed[1] : minor > 39;
}

/** Checks the version and the counters of a running Envoy. */
export function checkRuntime({ source, runtime }: EnvoySnapshot): readonly Finding[] {
  if (!runtime) return [];
  const passed = sum(runtime.stats, /\bext_authz\..*failure_mode_allowed$/);
  const errors = sum(runtime.stats, /\bext_authz\.(?:\S+\.)?(?:error|invalid)$/);
  return [
    judge(
      "envoy-version",
      source,
      `Envoy ${runtime.version || "of an unknown version"}`,
      !isFixed(runtime.version) && error("Envoy 1.38.4, 1.39.1, 1.40.0 or later"),
    ),
    judge(
      "failure-mode-allowed",
      source,
      `${passed} requests passed unchecked since its start`,
      passed > 0 && error("failure_mode_allow: false"),
    ),
    judge(
      "authz-errors",
      source,
      `${errors} checks failed since its start`,
      errors > 0 &&
        warning("look at the verifiers, at grpc_service.timeout, and at the cluster's health checks"),
    ),
  ];
}

function sum(stats: ReadonlyMap<string, number>, name: RegExp): number {
  return [...stats].filter(([key]) => name.test(key)).reduce((total, [, value]) => total + value, 0);
}
