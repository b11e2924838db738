import { describe, expect, test } from "@jest/globals";
import { checkKubernetes } from "../../../../src/doctor/kubernetes/kubernetesChecks.ts";
import type { KubernetesSnapshot } from "../../../../src/doctor/kubernetes/kubernetesSnapshot.ts";
import type { LeaseSnapshot } from "../../../../src/store/kube/leases/leaseSnapshot.ts";

const NOW = Date.parse("2026-11-24T09:00:00Z");

function lease(secondsAgo: number, change: Partial<LeaseSnapshot> = {}): LeaseSnapshot {
  const at = NOW - secondsAgo * 1_000;
  const times = { leaseDurationSeconds: 15, renewedAt: at, writtenAt: at };
  const identity = { name: "countersign-operator", holder: "operator-1_5f3a", resourceVersion: "1" };
  return { ...identity, applied: "", ...times, ...change };
}

function findings(change: Partial<KubernetesSnapshot>) {
  const lists = { leases: undefined, policies: undefined, bindings: undefined };
  const snapshot = { where: "c", now: NOW, crds: new Map(), leader: undefined, accounts: [], ...lists };
  return checkKubernetes({ ...snapshot, ...change }).map(({ id, severity, seen: text }) => [
    id,
    severity,
    text,
  ]);
}

describe("doctor reports of the leader Lease that", () => {
  const cases: Record<string, [LeaseSnapshot | null, "ok" | "error", string]> = {
    "its holder leads": [lease(10), "ok", "operator-1 leads"],
    "its holder leads, within the slack for times with second precision": [
      lease(19),
      "ok",
      "operator-1 leads",
    ],
    "it has expired, and which holder stopped renewing it": [
      lease(75),
      "error",
      "operator-1 holds the leader Lease, but has not renewed it for 75 s; it expires after 15 s",
    ],
    "it has no holder after a release": [lease(1, { holder: "" }), "error", "the leader Lease has no holder"],
    "it does not exist": [null, "error", "there is no leader Lease"],
  };
  test.each(Object.entries(cases))("%s", (_, [leader, severity, text]) => {
    expect(findings({ leader })).toEqual([["no-leader", severity, text]]);
  });

  test("nothing, when it may not be read", () => {
    expect(findings({})).toEqual([]);
  });
});

describe("doctor reports of a verifier's Lease that", () => {
  const cases: Record<string, [LeaseSnapshot, readonly string[]]> = {
    "it was written in time": [lease(10, { applied: "7" }), []],
    "its verifier is silent": [
      lease(31, { applied: "7", leaseDurationSeconds: 3_600 }),
      ["warning verifier-silent"],
    ],
    "its verifier has applied nothing yet": [lease(1), ["warning verifier-not-synced"]],
    "it has expired": [lease(30, { applied: "7" }), ["error no-verifier"]],
    "its verifier's clock is minutes ahead": [
      lease(1, { applied: "7", renewedAt: NOW + 120_000 }),
      ["error clock-skew"],
    ],
  };
  test.each(Object.entries(cases))("%s", (_, [one, expected]) => {
    const bad = findings({ leases: [one] }).filter(([, severity]) => severity !== "ok");
    expect(bad.map(([id, severity]) => `${severity} ${id}`)).toEqual(expected);
  });
});
