import { describe, expect, test } from "@jest/globals";
import {
  isLeaseInForce,
  type LeaseSnapshot,
  leaseAgeMs,
  readLeaseSnapshot,
} from "../../../../../src/store/kube/leases/leaseSnapshot.ts";

const NOW = Date.parse("2026-11-24T09:00:00Z");
const before = (seconds: number) => new Date(NOW - seconds * 1_000).toISOString();

function lease(change: Partial<LeaseSnapshot> = {}): LeaseSnapshot {
  const identity = { name: "verifier-a.01234567.0", holder: "5f3a", applied: "7", resourceVersion: "12" };
  const renewal = { leaseDurationSeconds: 15, renewedAt: NOW - 3_600_000, writtenAt: NOW - 10_000 };
  return { ...identity, ...renewal, ...change };
}

test("a Lease of a verifier is read with its process, its version and both times of its renewal", () => {
  const annotations = {
    "countersign.dev/applied": "7",
    "countersign.dev/pod-namespace": "countersign-system",
    "countersign.dev/pod-name": "verifier-a",
    "countersign.dev/pod-uid": "uid-a",
    "countersign.dev/node": "node-1",
    "countersign.dev/version": "0.2.0",
  };
  const metadata = { name: "verifier-a.01234567.0", resourceVersion: "12", annotations };
  const spec = { holderIdentity: "5f3a", leaseDurationSeconds: 15, renewTime: before(3_600) };
  const object = { metadata: { ...metadata, managedFields: [{ time: before(10) }] }, spec };
  const pod = { namespace: "countersign-system", name: "verifier-a", uid: "uid-a" };
  expect(readLeaseSnapshot(object)).toEqual({ ...lease(), pod, node: "node-1", version: "0.2.0" });
});

test.each([[null], [{}], [{ metadata: { annotations: ["a"] }, spec: { renewTime: "soon" } }]])(
  "a Lease without what it should have, %j, has the default duration and no holder",
  (object) => {
    const read = readLeaseSnapshot(object);
    expect(read).toMatchObject({ holder: "", applied: "", leaseDurationSeconds: 3_600 });
    expect(read.renewedAt ?? read.writtenAt).toBeUndefined();
  },
);

describe("the age of a Lease is counted", () => {
  test("by the API server's clock where it is known", () => {
    expect(leaseAgeMs(lease(), NOW)).toBe(10_000);
  });
  test("by the holder's clock otherwise", () => {
    expect(leaseAgeMs(lease({ writtenAt: undefined }), NOW)).toBe(3_600_000);
  });
});

const cases: Record<string, [change: Partial<LeaseSnapshot>, isInForce: boolean]> = {
  "renewed within its duration is in force": [{}, true],
  "at the end of its duration is in force, since times are cut to seconds": [
    { writtenAt: NOW - 19_999 },
    true,
  ],
  "renewed longer ago has expired": [{ writtenAt: NOW - 20_000 }, false],
  "without a holder is not in force": [{ holder: "" }, false],
};
test.each(Object.entries(cases))("a Lease %s", (_, [change, isInForce]) => {
  expect(isLeaseInForce(lease(change), NOW)).toBe(isInForce);
});
