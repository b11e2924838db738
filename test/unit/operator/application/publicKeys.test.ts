import { beforeEach, describe, expect, test } from "@jest/globals";
import type { Application } from "../../../../src/api/application.ts";
import type { MemoryStore } from "../../../support/memoryStore.ts";
import type { HandOperator } from "../../../support/operatorHarness.ts";
import { OTHER_PUBLIC_KEY, PUBLIC_KEY } from "../../../support/publicKeys.ts";
import { applicationsOf, emptyStage, imports, KEY, pair } from "../../../support/teamShop.ts";

let store: MemoryStore;
let operator: HandOperator;

beforeEach(() => {
  ({ store, operator } = emptyStage());
});

const { apply, projected, condition } = applicationsOf(() => store);
const laptop = { keyId: "laptop", algorithm: "ed25519", publicKey: PUBLIC_KEY };
const server = { keyId: "server", algorithm: "ecdsa-p256-sha256", publicKey: OTHER_PUBLIC_KEY };
const withKeys = (...publicKeys: readonly object[]) => ({
  signing: { schemes: ["HTTPMessageSignatures"] },
  credentials: { source: "Generated", publicKeys },
});
const OTHER = "application.team-shop.other";

function message(): string | undefined {
  const { status } = store.applications.get(KEY) as Application;
  return status?.conditions.find(({ type }) => type === "CredentialsReady")?.message;
}

describe("public keys of an Application", () => {
  test("are projected as they are in the spec, beside the key pair", async () => {
    apply(withKeys(laptop, { ...server, expiresAt: "2027-01-01T00:00:00Z" }));
    await operator.settle();
    expect(projected().publicKeys).toEqual([laptop, { ...server, expiresAt: "2027-01-01T00:00:00Z" }]);
    expect(projected().keys).toHaveLength(1);
    expect(condition("Ready")).toBe("True Ready");
  });

  test("are in no write that has a key pair with the same id", async () => {
    store.setSecret("team-shop", "old", pair("laptop"));
    const written: (readonly [string | undefined, unknown])[] = [];
    store.projections.subscribe(() => written.push([projected().keys[0]?.apiAppKey, projected().publicKeys]));
    apply({ ...withKeys(), ...imports("old", { publicKeys: [laptop] }) });
    await operator.settle();
    expect(written).toEqual([["laptop", undefined]]);
    expect(condition("CredentialsReady")).toBe("False PublicKeyUnusable");
  });

  test("leave no field behind once the last one is removed", async () => {
    apply(withKeys(laptop));
    await operator.settle();
    apply({});
    await operator.settle();
    expect(projected()).not.toHaveProperty("publicKeys");
  });

  test("that cannot be used are named, and keep no other from being used", async () => {
    apply(withKeys({ ...laptop, algorithm: "ecdsa-p256-sha256" }, server));
    await operator.settle();
    expect(projected().publicKeys).toEqual([server]);
    expect(condition("CredentialsReady")).toBe("False PublicKeyUnusable");
    expect(message()).toBe(
      "publicKey of keyId laptop is not an EC key on the curve P-256: correct algorithm, or write a key of it",
    );
  });

  test("P17: may not have the keyId of another Application, until that one gives it up", async () => {
    apply(withKeys(laptop), "other");
    await operator.settle();
    apply(withKeys(laptop));
    await operator.settle();
    expect(projected()).not.toHaveProperty("publicKeys");
    expect(condition("CredentialsReady")).toBe("False PublicKeyUnusable");
    apply({}, "other");
    await operator.settle();
    expect(projected(OTHER)).not.toHaveProperty("publicKeys");
    expect(projected().publicKeys).toEqual([laptop]);
    expect(condition("Ready")).toBe("True Ready");
  });

  test("P17: may not have the ApiAppKey of another Application, nor of their own", async () => {
    apply({}, "other");
    await operator.settle();
    const [foreign] = projected(OTHER).keys;
    apply(withKeys({ ...laptop, keyId: foreign?.apiAppKey }));
    await operator.settle();
    expect(condition("CredentialsReady")).toBe("False PublicKeyUnusable");
    const [own] = projected().keys;
    apply(withKeys({ ...laptop, keyId: own?.apiAppKey }));
    await operator.settle();
    expect(projected()).not.toHaveProperty("publicKeys");
  });
});
