import { beforeEach, describe, expect, test } from "@jest/globals";
import type { Application } from "../../../src/api/application.ts";
import type { ApplicationProjection } from "../../../src/projection/documents.ts";
import type { MemoryStore } from "../../support/memoryStore.ts";
import { HandOperator, type ManualClock } from "../../support/operatorHarness.ts";
import { applicationsOf, CREDENTIALS, emptyStage, KEY, NAME } from "../../support/teamShop.ts";

let store: MemoryStore;
let clock: ManualClock;
let before: ApplicationProjection;

const { apply, projected, published } = applicationsOf(() => store);

/** A cluster that lost every object but the data namespace, as after its other namespaces were restored from Git. */
beforeEach(async () => {
  const stage = emptyStage();
  ({ store, clock } = stage);
  const { operator } = stage;
  apply();
  await operator.settle();
  before = projected();
  operator.stop();
  store.applications.put(KEY, undefined);
  store.deleteSecret(CREDENTIALS);
});

describe("an operator that restores", () => {
  test("keeps the projection of an object that is not back yet", async () => {
    const operator = new HandOperator(store, clock, "again", true);
    await operator.settle();
    expect(projected()).toEqual(before);
  });

  test("lets an Application that is created again adopt its id and keys, and publishes the same pair", async () => {
    const operator = new HandOperator(store, clock, "again", true);
    await operator.settle();
    apply();
    await operator.settle();
    const object = store.applications.get(KEY) as Application;
    expect(object.metadata.uid).not.toBe(before.uid);
    expect(projected()).toEqual({ ...before, uid: object.metadata.uid, createdAt: projected().createdAt });
    expect(published()).toBe(before.keys[0]?.apiAppKey);
    expect(store.events.map(({ reason }) => reason)).toContain("Adopted");
  });

  test("never writes a tombstone for an object that it restores", async () => {
    apply();
    const operator = new HandOperator(store, clock, "again", true);
    const tombstones: boolean[] = [];
    store.projections.subscribe(() => tombstones.push(projected().tombstone));
    await operator.settle();
    expect(tombstones).toContain(false);
    expect(tombstones).not.toContain(true);
  });

  test("revives nothing whose deletion had begun", async () => {
    store.projections.put(NAME, undefined);
    await store.createProjection({ ...before, tombstone: true }, "Addition");
    apply();
    const operator = new HandOperator(store, clock, "again", true);
    await operator.settle();
    expect(projected().applicationId).not.toBe(before.applicationId);
  });

  test("P39: revives no key that was revoked", async () => {
    const [key] = before.keys;
    store.projections.put(NAME, undefined);
    await store.createProjection({ ...before, keys: [], revokedKeys: [key?.apiAppKey ?? ""] }, "Addition");
    apply();
    const operator = new HandOperator(store, clock, "again", true);
    await operator.settle();
    expect(projected().revokedKeys).toEqual([key?.apiAppKey]);
    expect(projected().keys.map(({ apiAppKey }) => apiAppKey)).not.toContain(key?.apiAppKey);
  });
});

test("P38: an operator that does not restore withdraws the orphan first, and the namesake gets a new id and new keys", async () => {
  apply();
  const operator = new HandOperator(store, clock, "again");
  await operator.settle();
  expect(projected().applicationId).not.toBe(before.applicationId);
  expect(projected().keys[0]?.apiAppKey).not.toBe(before.keys[0]?.apiAppKey);
});
