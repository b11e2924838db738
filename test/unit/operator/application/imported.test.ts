import { beforeEach, describe, expect, test } from "@jest/globals";
import type { MemoryStore } from "../../../support/memoryStore.ts";
import type { HandOperator } from "../../../support/operatorHarness.ts";
import { applicationsOf, emptyStage, HOUR, imports, KEY, pair } from "../../../support/teamShop.ts";

let store: MemoryStore;
let operator: HandOperator;

beforeEach(() => {
  ({ store, operator } = emptyStage());
});

const { apply, projected, keys, active, published, condition } = applicationsOf(() => store);

describe("an import", () => {
  const unusable: Record<string, [Record<string, string> | undefined, string]> = {
    "of a Secret that is not seen": [undefined, "ImportNotLabelled"],
    "without ApiAppKey": [{ ApiAppSecret: "0123456789abcdef" }, "ImportInvalid"],
    "without ApiAppSecret": [{ ApiAppKey: "K1" }, "ImportInvalid"],
    "with a line end in ApiAppKey": [pair("K1\n"), "ImportInvalid"],
    "with a line end in ApiAppSecret": [pair("K1", "K1-secret-secret-secret\n"), "ImportInvalid"],
    "with a byte order mark before ApiAppSecret": [
      pair("K1", "\ufeffK1-secret-secret-secret"),
      "ImportInvalid",
    ],
    "with an ApiAppSecret that was encoded twice": [
      pair("K1", Buffer.from("K1_secret_secret_secret").toString("base64")),
      "ImportInvalid",
    ],
    "of a key that is too long": [pair("K".repeat(65)), "ImportInvalid"],
    "P21: of a secret of 15 bytes": [pair("K1", "0123456789abcde"), "ImportSecretTooShort"],
  };
  test.each(Object.entries(unusable))(
    "%s is refused with its reason, and heals",
    async (_, [data, reason]) => {
      if (data) store.setSecret("team-shop", "old", data);
      apply(imports());
      await operator.settle();
      expect(condition("CredentialsReady")).toBe(`False ${reason}`);
      expect(projected().keys).toEqual([]);
      store.setSecret("team-shop", "old", pair("K1"));
      await operator.settle();
      expect(keys()).toEqual(["K1 Active"]);
      expect(published()).toBe("K1");
      expect(condition("Ready")).toBe("True Ready");
    },
  );

  const lengths: Record<string, [secret: string, credentials: string, weak: string | undefined]> = {
    "P21: of a secret of 9 bytes is refused": ["012345678", "False ImportSecretTooShort", undefined],
    "of a secret of 10 bytes is admitted": ["0123456789", "True Published", "True ShortSecret"],
    "of a secret of 15 bytes is admitted": ["0123456789abcde", "True Published", "True ShortSecret"],
    "of a secret of 16 bytes has no condition": ["0123456789abcdef", "True Published", undefined],
  };
  test.each(Object.entries(lengths))(
    "with allowShortSecret %s",
    async (_, [secret, credentialsReady, weak]) => {
      store.setSecret("team-shop", "old", pair("K1", secret));
      apply(imports("old", { allowShortSecret: true }));
      await operator.settle();
      expect(condition("CredentialsReady")).toBe(credentialsReady);
      expect(condition("WeakCredentials")).toBe(weak);
      expect(JSON.stringify(store.applications.get(KEY)?.status)).not.toContain(secret);
    },
  );

  test("of a short secret stays in use and keeps its condition after allowShortSecret is removed", async () => {
    store.setSecret("team-shop", "old", pair("K1", "0123456789"));
    apply(imports("old", { allowShortSecret: true }));
    await operator.settle();
    apply(imports());
    await operator.settle();
    expect(keys()).toEqual(["K1 Active"]);
    expect(condition("CredentialsReady")).toBe("False ImportSecretTooShort");
    expect(condition("WeakCredentials")).toBe("True ShortSecret");
  });

  test("of a long secret after a short one removes the condition when the short one retires", async () => {
    store.setSecret("team-shop", "old", pair("K1", "0123456789"));
    apply(imports("old", { allowShortSecret: true }));
    await operator.settle();
    store.setSecret("team-shop", "old", pair("K2"));
    await operator.settle();
    expect(keys()).toEqual(["K1 Retiring", "K2 Active"]);
    expect(condition("WeakCredentials")).toBe("True ShortSecret");
    await operator.after(168 * HOUR);
    await operator.settle();
    expect(condition("WeakCredentials")).toBeUndefined();
  });

  test("that changes is a rotation with the same overlap", async () => {
    store.setSecret("team-shop", "old", pair("K1"));
    apply(imports());
    await operator.settle();
    store.setSecret("team-shop", "old", pair("K2"));
    await operator.settle();
    expect(keys()).toEqual(["K1 Retiring", "K2 Active"]);
    expect(projected().keys[0]?.retiresAt).toBe("2026-01-08T00:00:00Z");
    store.setSecret("team-shop", "old", pair("K1"));
    await operator.settle();
    expect(keys()).toEqual(["K2 Retiring", "K1 Active"]);
  });

  test("that is deleted or breaks keeps the last good key, and the condition reports the problem", async () => {
    store.setSecret("team-shop", "old", pair("K1"));
    apply(imports());
    await operator.settle();
    store.deleteSecret("team-shop/old");
    await operator.settle();
    expect(condition("CredentialsReady")).toBe("False ImportNotLabelled");
    expect(keys()).toEqual(["K1 Active"]);
  });

  test("P31: with a malformed secret has the problem in its condition, and no part of the secret", async () => {
    store.setSecret("team-shop", "old", pair("K1", "K1-secret-secret-secret\n"));
    apply(imports());
    await operator.settle();
    const status = JSON.stringify(store.applications.get(KEY)?.status);
    expect(status).toContain("The ApiAppSecret in Secret old ends with a line feed: write it without");
    expect(status).not.toContain("K1-secret");
  });

  test("never gives a key a second secret", async () => {
    store.setSecret("team-shop", "old", pair("K1"));
    apply(imports());
    await operator.settle();
    store.setSecret("team-shop", "old", pair("K1", "another-secret-of-some-length"));
    await operator.settle();
    expect(condition("CredentialsReady")).toBe("False ImportSecretChanged");
    expect(active().apiAppSecret.reveal()).toBe("K1-secret-secret-secret");
  });

  test("and a generated key take turns, each published key valid for the overlap", async () => {
    apply();
    await operator.settle();
    const generated = active().apiAppKey;
    store.setSecret("team-shop", "old", pair("K1"));
    apply(imports());
    await operator.settle();
    expect(keys()).toEqual([`${generated} Retiring`, "K1 Active"]);
    apply({});
    await operator.settle();
    expect(keys().slice(0, 2)).toEqual([`${generated} Retiring`, "K1 Retiring"]);
    expect(active().source).toBe("Generated");
  });

  test("of the credentials Secret itself is refused", async () => {
    apply(imports("mobile-credentials"));
    await operator.settle();
    expect(condition("CredentialsReady")).toBe("False ImportIsCredentialsSecret");
  });

  test("P17: of a key that another Application has leaves it to the other, does not name it, and recovers when the other is deleted", async () => {
    store.setSecret("team-shop", "old", pair("K1"));
    apply(imports(), "first");
    await operator.settle();
    apply(imports());
    await operator.settle();
    expect(keys("application.team-shop.first")).toEqual(["K1 Active"]);
    expect(projected().keys).toEqual([]);
    expect(condition("CredentialsReady")).toBe("False ApiAppKeyConflict");
    expect(JSON.stringify(store.applications.get(KEY)?.status)).not.toContain("first");
    store.delete("Application", "team-shop/first");
    await operator.settle();
    expect(keys()).toEqual(["K1 Active"]);
    expect(condition("Ready")).toBe("True Ready");
  });
});
