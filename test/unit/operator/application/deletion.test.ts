import { beforeEach, describe, expect, test } from "@jest/globals";
import type { Application } from "../../../../src/api/application.ts";
import type { MemoryStore } from "../../../support/memoryStore.ts";
import { HandOperator, type ManualClock } from "../../../support/operatorHarness.ts";
import { applicationsOf, CREDENTIALS, emptyStage, KEY } from "../../../support/teamShop.ts";

let store: MemoryStore;
let clock: ManualClock;
let operator: HandOperator;

beforeEach(() => {
  ({ store, clock, operator } = emptyStage());
});

const { apply, projected, active, published, condition } = applicationsOf(() => store);

describe("a deleted Application", () => {
  beforeEach(async () => {
    apply();
    await operator.settle();
  });

  test("is gone only after every verifier has dropped it, and names the one that it waits for", async () => {
    store.delete("Application", KEY);
    await operator.settle({ acknowledging: false, patient: true });
    expect(projected().tombstone).toBe(true);
    expect(condition("Ready")).toBe("False Deleting");
    await operator.settle();
    expect([store.applications.size, store.projections.size, store.secrets.size]).toEqual([0, 0, 0]);
  });

  test("does not wait when there is no verifier", async () => {
    store.leases.clear();
    store.delete("Application", KEY);
    await operator.settle();
    expect(store.applications.size).toBe(0);
  });

  test("P38: that is recreated under its name while its tombstone waits gets a new id and a new key", async () => {
    const before = projected();
    store.applications.put(KEY, undefined);
    store.deleteSecret(CREDENTIALS);
    apply();
    await operator.settle({ acknowledging: false, patient: true });
    expect(projected()).toMatchObject({ uid: before.uid, tombstone: true });
    expect(published()).toBeUndefined();
    expect(condition("Ready")).toBe("False ReplacingNamesake");
    await operator.settle();
    expect(projected().applicationId).not.toBe(before.applicationId);
    expect(active().apiAppKey).not.toBe(before.keys[0]?.apiAppKey);
    expect(condition("Ready")).toBe("True Ready");
  });

  test("whose deletion the operator missed leaves an orphaned projection, which is deleted", async () => {
    operator.stop();
    store.applications.put(KEY, undefined);
    operator = new HandOperator(store, clock, "again");
    await operator.settle();
    expect(store.projections.size).toBe(0);
  });

  test("without our finalizer gets none", async () => {
    store.apply({ kind: "Application", namespace: "team-shop", name: "late", spec: {} });
    const late = store.applications.truth("team-shop/late") as Application;
    const metadata = { ...late.metadata, deletionTimestamp: store.now, finalizers: ["example.com/other"] };
    store.applications.put("team-shop/late", { ...late, metadata });
    await operator.settle();
    expect(store.applications.get("team-shop/late")?.metadata.finalizers).toEqual(["example.com/other"]);
    expect(store.projections.get("application.team-shop.late")).toBeUndefined();
  });
});
