import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import {
  decodeApplication,
  decodeSecret,
  type RawObject,
  rawObject,
} from "../../../../src/store/kube/objects.ts";
import { shareTexts } from "../../../../src/store/kube/sharedTexts.ts";

const metadata = {
  name: "mobile",
  namespace: "team-shop",
  uid: "u1",
  resourceVersion: "7",
  generation: 2,
  creationTimestamp: "2026-01-01T00:00:00Z",
  finalizers: ["countersign.dev/programmed"],
  labels: { tier: "a" },
};
const ANNOTATIONS = { "argocd.argoproj.io/tracking-id": "a long text" };
const condition = {
  type: "Ready",
  status: "True",
  reason: "Ready",
  message: "It is in effect",
  lastTransitionTime: "2026-01-01T00:00:00Z",
};

describe("what is held in memory of", () => {
  test("an Application is its spec, its status, and its metadata without annotations", () => {
    const status = { applicationId: "app-k3v9x0q2", conditions: [condition] };
    const spec = { displayName: "Mobile" };
    const object: RawObject = { metadata: { ...metadata, annotations: ANNOTATIONS }, spec, status, more: 1 };
    expect(decodeApplication(object)).toEqual({
      key: "team-shop/mobile",
      uid: "u1",
      version: "7",
      value: { apiVersion: "countersign.dev/v1alpha1", kind: "Application", metadata, spec, status },
    });
  });

  test("a new Application is an empty spec where it has none, and no status", () => {
    expect(decodeApplication({ metadata }).value).toEqual({
      apiVersion: "countersign.dev/v1alpha1",
      kind: "Application",
      metadata,
      spec: {},
    });
  });

  test("an owner of a Secret is its kind, name and UID", () => {
    const owner = { kind: "Application", name: "mobile", uid: "u0" };
    const ownerReferences = [{ ...owner, apiVersion: "countersign.dev/v1alpha1", controller: true }];
    const { value } = decodeSecret({
      metadata: { ...metadata, annotations: ANNOTATIONS, ownerReferences },
      type: "countersign.dev/credentials",
    });
    expect(value.metadata).toEqual({ ...metadata, ownerReferences: [owner] });
  });
});

test("P31: an object that is to be written back keeps its annotations, but for the one that repeats it", () => {
  const annotations = { ...ANNOTATIONS, "kubectl.kubernetes.io/last-applied-configuration": "secret" };
  const managedFields = [{ manager: "kubectl" }];
  const object = rawObject({ metadata: { ...metadata, annotations, managedFields } });
  expect(object?.metadata).toEqual({ ...metadata, annotations: ANNOTATIONS });
});

test("sharing texts changes no value", () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      expect(JSON.stringify(shareTexts(value))).toBe(JSON.stringify(value));
    }),
  );
  const odd = JSON.parse('{"__proto__": {"a": "b"}}');
  expect(JSON.stringify(shareTexts(odd))).toBe('{"__proto__":{"a":"b"}}');
});
