import { beforeEach, describe, expect, test } from "@jest/globals";
import type { Application } from "../../../../src/api/application.ts";
import { defaultSecretName, SecretIndex } from "../../../../src/operator/index/secretIndex.ts";
import type { SecretObject } from "../../../../src/store/store.ts";

const KEY = "team-shop/mobile";
let index: SecretIndex;
beforeEach(() => {
  index = new SecretIndex();
});

const metadata = (name: string) => ({
  name,
  namespace: "team-shop",
  uid: `uid-${name}`,
  resourceVersion: "1",
  creationTimestamp: "",
});
/** The spec is whatever a cluster holds, also what no schema allows any more. */
const applicationWith = (spec: unknown) => ({ metadata: metadata("mobile"), spec }) as Application;
const ownedBy = (name: string, kind = "Application"): SecretObject => ({
  metadata: { ...metadata("pair"), ownerReferences: [{ kind, name, uid: `uid-${name}` }] },
  type: "Opaque",
  immutable: false,
  data: new Map(),
});
const concerned = (secret: string, object?: SecretObject) => [
  ...index.setSecret(`team-shop/${secret}`, object),
];

describe("a Secret concerns the Application", () => {
  const cases: Record<string, [unknown, string]> = {
    "whose credentials it has by its name": [{}, "mobile-credentials"],
    "whose credentials it has by the name that the spec gives": [
      { credentials: { secretName: "pair" } },
      "pair",
    ],
    "that imports from it": [{ credentials: { importFrom: { name: "old" } } }, "old"],
    "that has no spec, by its name": [undefined, "mobile-credentials"],
  };
  test.each(Object.entries(cases))("%s", (_, [spec, secret]) => {
    index.setApplication(KEY, applicationWith(spec));
    expect(concerned(secret)).toEqual([KEY]);
    expect(concerned("another")).toEqual([]);
  });

  test("not any more if the spec names another Secret, or the Application is deleted", () => {
    index.setApplication(KEY, applicationWith({ credentials: { secretName: "pair" } }));
    index.setApplication(KEY, applicationWith({ credentials: { secretName: "next" } }));
    expect([concerned("pair"), concerned("next")]).toEqual([[], [KEY]]);
    index.setApplication(KEY, undefined);
    expect(concerned("next")).toEqual([]);
  });

  test("that owns it, and the former owner after a change", () => {
    expect(concerned("pair", ownedBy("mobile"))).toEqual([KEY]);
    expect(concerned("pair", ownedBy("web"))).toEqual([KEY, "team-shop/web"]);
    expect(concerned("pair")).toEqual(["team-shop/web"]);
    expect(concerned("pair")).toEqual([]);
  });

  test("not if its owner is of another kind", () => {
    expect(concerned("pair", ownedBy("mobile", "Deployment"))).toEqual([]);
  });
});

test("the Secrets of an owner are found by its UID until they change hands or go", () => {
  const owned = (name: string) => [...index.ownedBy(`uid-${name}`)];
  index.setSecret("team-shop/pair", ownedBy("mobile"));
  expect(owned("mobile")).toEqual(["team-shop/pair"]);
  index.setSecret("team-shop/pair", ownedBy("web"));
  expect([owned("mobile"), owned("web")]).toEqual([[], ["team-shop/pair"]]);
  index.setSecret("team-shop/pair", undefined);
  expect(owned("web")).toEqual([]);
});

test("the credentials Secret of an Application is named after it", () => {
  expect(defaultSecretName("mobile")).toBe("mobile-credentials");
});
