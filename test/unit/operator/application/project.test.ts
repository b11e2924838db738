import { beforeEach, describe, expect, test } from "@jest/globals";
import type { MemoryStore } from "../../../support/memoryStore.ts";
import type { HandOperator, ManualClock } from "../../../support/operatorHarness.ts";
import { applicationsOf, emptyStage, HOUR, imports, KEY, NAME, pair } from "../../../support/teamShop.ts";

let store: MemoryStore;
let clock: ManualClock;
let operator: HandOperator;

beforeEach(() => {
  ({ store, clock, operator } = emptyStage());
});

const { apply, projected, keys, active, published, condition } = applicationsOf(() => store);

describe("a projection that somebody deleted by hand", () => {
  beforeEach(async () => {
    apply();
    await operator.settle();
  });

  test("is written again with the same id and keys, retiring and revoked ones included, and an Event records it", async () => {
    apply({ credentials: { revokedKeys: [active().apiAppKey] } });
    await operator.settle();
    clock.advance(HOUR);
    apply({ credentials: { rotation: { requestedAt: clock.text() } } });
    await operator.settle();
    const [before, secret] = [projected(), published()];
    expect([before.keys.length, before.revokedKeys.length]).toEqual([2, 1]);
    store.projections.put(NAME, undefined);
    await operator.settle();
    expect(projected()).toEqual(before);
    expect(published()).toBe(secret);
    expect(condition("Ready")).toBe("True Ready");
    expect(store.events.at(-1)?.reason).toBe("ProjectionRestored");
  });

  test("P39: is never written with a revoked key that is still there to import", async () => {
    store.setSecret("team-shop", "old", pair("K1"));
    apply(imports());
    await operator.settle();
    apply(imports("old", { revokedKeys: ["K1"] }));
    await operator.settle();
    apply(imports());
    await operator.settle();
    const before = projected();
    store.projections.put(NAME, undefined);
    const written: (readonly string[])[] = [];
    store.projections.subscribe(() => written.push(keys()));
    await operator.settle();
    expect(projected()).toEqual(before);
    expect(written.flat().join()).not.toContain("K1");
    expect(condition("CredentialsReady")).toBe("False ImportedKeyRevoked");
  });

  test("is written with the secret that a key had, not with another one that is imported for it", async () => {
    store.setSecret("team-shop", "old", pair("K1"));
    apply(imports());
    await operator.settle();
    store.setSecret("team-shop", "new", pair("K2"));
    apply(imports("new"));
    await operator.settle();
    const secret = () =>
      projected()
        .keys.find(({ apiAppKey }) => apiAppKey === "K1")
        ?.apiAppSecret.reveal();
    expect([keys().includes("K2 Active"), secret()]).toEqual([true, pair("K1").ApiAppSecret]);
    store.projections.put(NAME, undefined);
    store.setSecret("team-shop", "old", pair("K1", "another-secret-another"));
    apply(imports());
    await operator.settle();
    expect(secret()).toBe(pair("K1").ApiAppSecret);
    expect(condition("CredentialsReady")).toBe("False ImportSecretChanged");
  });

  test("is not brought back when it was a tombstone", async () => {
    store.delete("Application", KEY);
    await operator.settle({ acknowledging: false });
    store.projections.put(NAME, undefined);
    await operator.settle();
    expect([store.applications.size, store.projections.size]).toEqual([0, 0]);
  });

  test("is not written for another Application of the same name", async () => {
    const before = projected();
    store.applications.held = true;
    store.applications.put(KEY, undefined);
    store.projections.put(NAME, undefined);
    apply();
    store.applications.held = false;
    store.applications.deliver();
    await operator.settle();
    expect(projected().applicationId).not.toBe(before.applicationId);
    expect(keys().join()).not.toContain(before.keys[0]?.apiAppKey);
  });
});

describe("a projection that somebody edited by hand", () => {
  test("is reset to what follows from the spec", async () => {
    apply();
    await operator.settle();
    const before = projected();
    for (const edit of [{ suspended: true }, { tombstone: true }, { labels: { tier: "x" } }]) {
      await store.replaceProjection(
        { ...before, ...edit },
        "Removal",
        store.projections.get(NAME)?.resourceVersion ?? "",
      );
      await operator.settle();
      expect(projected()).toEqual(before);
    }
  });
});

describe("an unreadable projection", () => {
  test("is not overwritten, since that could hand out other keys", async () => {
    apply();
    await operator.settle();
    store.projections.put(NAME, { name: NAME, resourceVersion: "900", document: undefined, problem: "x" });
    apply({ suspended: true });
    await operator.settle();
    expect(store.projections.get(NAME)?.document).toBeUndefined();
    expect(condition("Ready")).toBe("False ProjectionUnreadable");
    store.delete("Application", KEY);
    await operator.settle();
    expect(store.applications.size).toBe(0);
  });
});
