import { describe, expect, test } from "@jest/globals";
import {
  ageText,
  verifierJson,
  verifierTable,
} from "../../../../../src/cli/commands/verifiers/verifierTable.ts";
import { listVerifiers, type Snapshot } from "../../../../../src/cli/shared/verifiers/verifierList.ts";
import { readLeaseSnapshot } from "../../../../../src/store/kube/leases/leaseSnapshot.ts";

const NOW = Date.parse("2026-01-01T12:00:00Z");
const before = (seconds: number) => new Date(NOW - seconds * 1_000).toISOString();

interface LeaseOf {
  readonly name?: string;
  readonly applied?: string;
  readonly renewed?: number;
  readonly pod?: boolean;
}

function lease({ name = "verifier-a.01234567.0", applied = "10", renewed = 5, pod = true }: LeaseOf = {}) {
  const podAnnotations = {
    "countersign.dev/pod-namespace": "countersign-system",
    "countersign.dev/pod-name": "verifier-a",
    "countersign.dev/pod-uid": "uid-a",
    "countersign.dev/node": "node-1",
    "countersign.dev/version": "0.1.0",
  };
  return readLeaseSnapshot({
    metadata: {
      name,
      resourceVersion: "7",
      annotations: { "countersign.dev/applied": applied, ...(pod ? podAnnotations : {}) },
      managedFields: [{ time: before(renewed) }],
    },
    // By the verifier's own clock, which is an hour ahead: it is not what counts.
    spec: { holderIdentity: "x", leaseDurationSeconds: 3_600, renewTime: before(renewed - 3_600) },
  });
}

function snapshot(change: Partial<Snapshot> = {}): Snapshot {
  return { leases: [lease()], podEnded: new Map([["uid-a", false]]), projections: [], now: NOW, ...change };
}

describe("a verifier is", () => {
  const cases: Record<string, [Snapshot, string]> = {
    "live while its Lease was renewed in the last 30 s": [snapshot(), "live"],
    "silent afterwards": [snapshot({ leases: [lease({ renewed: 31 })] }), "silent"],
    "ended when its Lease has expired": [snapshot({ leases: [lease({ renewed: 3_601 })] }), "ended"],
    "ended when its Pod has ended": [snapshot({ podEnded: new Map([["uid-a", true]]) }), "ended"],
    "not ended when its Pod could not be read": [snapshot({ podEnded: new Map() }), "live"],
    "not ended when another's Pod has": [
      snapshot({ leases: [lease({ pod: false })], podEnded: new Map([["uid-a", true]]) }),
      "live",
    ],
  };
  test.each(Object.entries(cases))("%s", (_, [seen, state]) => {
    expect(listVerifiers(seen)[0]?.state).toBe(state);
  });
});

test("what a verifier has not applied is counted, from the oldest change on", () => {
  const projections = [
    { version: "9", at: NOW - 500_000 },
    { version: "11", at: NOW - 120_000 },
    { version: "100", at: NOW - 3_000 },
  ];
  expect(listVerifiers(snapshot({ projections }))[0]?.lag).toEqual({ changes: 2, seconds: 120 });
  expect(listVerifiers(snapshot({ projections: [] }))[0]?.lag).toEqual({ changes: 0, seconds: 0 });
  expect(listVerifiers(snapshot({ projections: undefined }))[0]?.lag).toBeUndefined();
});

test("the table is aligned, and shows what is not known as -", () => {
  const leases = [lease(), lease({ name: "bare.89abcdef.1", applied: "", pod: false, renewed: 200 })];
  const projections = [{ version: "11", at: NOW - 4_000 }];
  const text = verifierTable(listVerifiers(snapshot({ leases, projections })), NOW);
  expect(text.split("\n")).toEqual([
    "NAME                    POD                             NODE     STATE    VERSION   APPLIED   LAG            LAST CONTACT",
    "bare.89abcdef.1         -                               -        silent   -         -         1 change, 4s   3m ago",
    "verifier-a.01234567.0   countersign-system/verifier-a   node-1   live     0.1.0     10        1 change, 4s   5s ago",
  ]);
});

test("JSON has every field, null for what is not known, and times in RFC 3339", () => {
  const leases = [lease({ pod: false, renewed: 60 })];
  const { verifiers } = JSON.parse(verifierJson(listVerifiers(snapshot({ leases, projections: undefined }))));
  expect(verifiers).toEqual([
    {
      name: "verifier-a.01234567.0",
      pod: null,
      node: null,
      state: "silent",
      version: null,
      applied: "10",
      lag: null,
      lastContact: "2026-01-01T11:59:00.000Z",
      fencedAt: "2026-01-01T12:59:00.000Z",
    },
  ]);
});

test.each([
  [-5, "0s"],
  [119_000, "119s"],
  [120_000, "2m"],
  [7_200_000, "2h"],
])("an age of %i ms reads %s", (ms, text) => {
  expect(ageText(ms)).toBe(text);
});
