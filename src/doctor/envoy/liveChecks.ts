import { error, type Finding, judge, warning } from "../finding.ts";
import type { EnvoyModel } from "./envoySnapshot.ts";

/** The first versions with the fixes of 2026-08-26, by their minor version; later minor versions have them all. */
const FIXED: readonly (readonly [minor: number, patch: number])[] = [
  [38, 4],
  [39, 1],
];

/** Whether this version of Envoy 1.x has the fixes that a check relies on. */
export function isFixed(version: string): boolean {
  const [major = 0, minor = 0, patch = 0] = version.split(".").map(Number);
  if (major !== 1) return major > 1;
  const fixed = FIXED.find(([of]) => of === minor);
  return fixed ? patch >= fixed[1] : minor > 39;
}

/** What a running Envoy has seen of itself. */
export function envoyIsSound({ source, live }: EnvoyModel): readonly Finding[] {
  if (!live) return [];
  const passed = sum(live.stats, /\bext_authz\..*failure_mode_allowed$/);
  const errors = sum(live.stats, /\bext_authz\.(?:\S+\.)?(?:error|invalid)$/);
  return [
    judge(
      "envoy-version",
      source,
      `Envoy ${live.version || "of an unknown version"}`,
      !isFixed(live.version) && error("Envoy 1.38.4, 1.39.1, 1.40.0 or later"),
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
