import { expect, test } from "@jest/globals";
import { CompactObjects, type KubeObject } from "../../../../src/store/files/compactObjects.ts";

/** A new copy each time, as from a record of the state directory. */
function application(name: string): KubeObject {
  const ready = { type: "Ready", status: "True", reason: "Ready", message: "It is in effect" };
  const object = {
    apiVersion: "countersign.dev/v1alpha1",
    kind: "Application",
    metadata: {
      name,
      namespace: "team-shop",
      uid: `uid-${name}`,
      resourceVersion: "7",
      creationTimestamp: "2026-11-24T09:00:00Z",
      deletionTimestamp: "2026-11-25T09:00:00Z",
      labels: { tier: "gold" },
      annotations: {},
      generation: 2,
      finalizers: ["countersign.dev/programmed"],
    },
    spec: { suspended: false },
    status: {
      applicationId: `app-${name}`,
      secretName: `${name}-credentials`,
      keys: [{ apiAppKey: `APID${name}`, state: "Active", createdAt: "2026-11-24T09:00:00Z" }],
      keysCount: 1,
      grants: {
        count: 1,
        items: [{ grant: "team-shop/partners", environment: "release", apis: ["orders"] }],
      },
      observedGeneration: 2,
      conditions: [{ ...ready, observedGeneration: 2, lastTransitionTime: "2026-11-24T09:00:05Z" }],
    },
  };
  return JSON.parse(JSON.stringify(object));
}

test("a compact object equals the object, and has its spec", () => {
  const object = application("mobile-app");
  const compact = new CompactObjects().of(object);
  expect(compact).toEqual(object);
  expect(compact.spec).toBe(object.spec);
});

test("an object without optional fields gets none", () => {
  const { metadata, status: _, ...rest } = application("mobile-app");
  const { name, uid, resourceVersion, creationTimestamp } = metadata;
  const domain = { ...rest, kind: "ApiDomain", metadata: { name, uid, resourceVersion, creationTimestamp } };
  expect(JSON.stringify(new CompactObjects().of(domain as KubeObject))).toBe(
    JSON.stringify({
      apiVersion: rest.apiVersion,
      kind: "ApiDomain",
      metadata: domain.metadata,
      spec: rest.spec,
    }),
  );
});

test("what two objects have in common is one value", () => {
  const compact = new CompactObjects();
  const [one, other] = [compact.of(application("mobile-app")), compact.of(application("web-app"))];
  expect(other.metadata.labels).toBe(one.metadata.labels);
  expect(other.metadata.finalizers).toBe(one.metadata.finalizers);
  expect(other.status?.conditions?.[0]).toBe(one.status?.conditions?.[0]);
});
