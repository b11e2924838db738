import { beforeEach, describe, expect, test } from "@jest/globals";
import { CREDENTIAL_KEYS, LABEL_CREDENTIALS } from "../../../../src/api/names.ts";
import type { MemoryStore } from "../../../support/memoryStore.ts";
import type { HandOperator } from "../../../support/operatorHarness.ts";
import { applicationsOf, CREDENTIALS, emptyStage, imports, pair } from "../../../support/teamShop.ts";

let store: MemoryStore;
let operator: HandOperator;

beforeEach(() => {
  ({ store, operator } = emptyStage());
});

const { apply, projected, keys, active, published, condition } = applicationsOf(() => store);

describe("the credentials Secret", () => {
  beforeEach(async () => {
    apply();
    await operator.settle();
  });

  test("is written again with the same key after it was deleted", async () => {
    const before = active();
    store.deleteSecret(CREDENTIALS);
    await operator.settle();
    expect(published()).toBe(before.apiAppKey);
    expect(
      store.secrets.get(CREDENTIALS)?.data.get(CREDENTIAL_KEYS.secret)?.equals(before.apiAppSecret),
    ).toBe(true);
  });

  test("is restored when somebody changed it, also when they made it immutable", async () => {
    for (const immutable of [false, true]) {
      store.editSecret(CREDENTIALS, { data: new Map(), immutable });
      await operator.settle();
      expect(published()).toBe(active().apiAppKey);
      expect(store.secrets.get(CREDENTIALS)?.immutable).toBe(false);
    }
  });

  test("moves with secretName, and the former one goes", async () => {
    apply({ credentials: { secretName: "elsewhere" } });
    await operator.settle();
    expect(published("team-shop/elsewhere")).toBe(active().apiAppKey);
    expect(store.secrets.get(CREDENTIALS)).toBeUndefined();
  });

  test("holds the successor only after every verifier has it, when the active key is revoked", async () => {
    const old = active().apiAppKey;
    apply({ credentials: { revokedKeys: [old] } });
    await operator.settle({ acknowledging: false });
    expect(keys()).toHaveLength(1);
    expect(projected().revokedKeys).toEqual([old]);
    expect(published()).toBe(old);
    await operator.settle();
    expect(active().apiAppKey).not.toBe(old);
    expect(published()).toBe(active().apiAppKey);
  });

  test("holds the successor of a revoked key though a verifier has been silent for 30 s", async () => {
    store.setLease("silent", store.version);
    await operator.settle();
    apply({ credentials: { revokedKeys: [active().apiAppKey] } });
    await operator.fallSilent("verifier-1");
    expect(published()).toBe(active().apiAppKey);
    expect(condition("Programmed")).toBe("False WaitingForVerifiers");
  });

  test("P39: a revoked key stays revoked when the entry is removed", async () => {
    const old = active();
    apply({ credentials: { revokedKeys: [old.apiAppKey] } });
    await operator.settle();
    apply({});
    await operator.settle();
    expect(projected().revokedKeys).toEqual([old.apiAppKey]);
    store.setSecret("team-shop", "old", pair(old.apiAppKey, old.apiAppSecret.reveal()));
    apply(imports());
    await operator.settle();
    expect(condition("CredentialsReady")).toBe("False ImportedKeyRevoked");
    expect(keys().join()).not.toContain(old.apiAppKey);
  });
});

describe("a Secret of that name that is not ours", () => {
  test.each([
    ["with the label", { [LABEL_CREDENTIALS]: "true" }],
    ["without the label, so that it is not seen", {}],
  ])("%s is never changed, and the condition reports it", async (_, labels) => {
    store.setSecret("team-shop", "mobile-credentials", { mine: "x" }, {}, labels);
    apply();
    await operator.settle();
    expect(condition("CredentialsReady")).toBe("False SecretNotOurs");
    expect(condition("Ready")).toBe("False SecretNotOurs");
    expect([...(store.secrets.truth(CREDENTIALS)?.data ?? [])].map(([key]) => key)).toEqual(["mine"]);
    store.deleteSecret(CREDENTIALS);
    await operator.after(61_000);
    await operator.settle();
    expect(condition("Ready")).toBe("True Ready");
  });
});
