import { beforeEach, describe, expect, test } from "@jest/globals";
import { CREDENTIAL_KEYS } from "../../../src/api/names.ts";
import type { ApplicationProjection } from "../../../src/projection/documents.ts";
import type { MemoryStore } from "../../support/memoryStore.ts";
import type { HandOperator } from "../../support/operatorHarness.ts";
import { applicationsOf, CREDENTIALS, emptyStage, KEY, NAME } from "../../support/teamShop.ts";

let store: MemoryStore;
/** The operator under test, whose caches lag. */
let operator: HandOperator;
let before: ApplicationProjection;

const { apply } = applicationsOf(() => store);
/** The projection on the API server, which the caches may not show yet. */
const projected = () => store.projections.truth(NAME)?.document as ApplicationProjection;

/** What the other leader writes, which sees everything at once. */
async function otherWrites(document: ApplicationProjection): Promise<void> {
  const version = store.projections.truth(NAME)?.resourceVersion;
  await (version
    ? store.replaceProjection(document, "Addition", version)
    : store.createProjection(document, "Addition"));
  store.acknowledge();
}

beforeEach(async () => {
  ({ store, operator } = emptyStage());
  apply();
  await operator.settle();
  before = projected();
});

describe("of two operators that both believe they lead, the one whose caches lag", () => {
  test("withdraws no projection of an Application that it does not see yet", async () => {
    store.applications.held = true;
    store.apply({ kind: "Application", namespace: "team-shop", name: "young", spec: {} });
    const { uid } = store.applications.truth("team-shop/young")?.metadata ?? { uid: "" };
    await store.createProjection(
      { ...before, name: "young", uid, applicationId: "app-young000", keys: [] },
      "Addition",
    );
    await operator.settle();
    expect(store.projections.truth("application.team-shop.young")?.document?.tombstone).toBe(false);
  });

  test("withdraws no namesake that it takes for the one before", async () => {
    store.applications.held = true;
    store.applications.put(KEY, undefined);
    apply();
    const { uid } = store.applications.truth(KEY)?.metadata ?? { uid: "" };
    await otherWrites({ ...before, uid, applicationId: "app-namesake" });
    await operator.settle();
    expect(projected()).toMatchObject({ uid, tombstone: false });
  });

  test("does not take back a suspension that it has not heard of", async () => {
    store.applications.held = true;
    apply({ suspended: true });
    await otherWrites({ ...before, suspended: true });
    await operator.settle();
    expect(projected().suspended).toBe(true);
  });

  test("gives no new key to an Application that is gone", async () => {
    store.applications.held = true;
    store.applications.put(KEY, undefined);
    store.secrets.held = true;
    store.deleteSecret(CREDENTIALS);
    await otherWrites({ ...before, tombstone: true });
    await store.deleteProjection(NAME, store.projections.truth(NAME)?.resourceVersion ?? "");
    await operator.settle();
    expect(store.projections.truth(NAME)).toBeUndefined();
  });

  test("lets no Application go whose projection it does not see yet", async () => {
    store.projections.held = true;
    store.apply({ kind: "Application", namespace: "team-shop", name: "young", spec: {} });
    const young = store.applications.truth("team-shop/young");
    if (!young) throw new Error("it was just applied");
    const { uid } = young.metadata;
    const finalizers = ["countersign.dev/programmed"];
    await store.createProjection(
      { ...before, name: "young", uid, applicationId: "app-young000", keys: [] },
      "Addition",
    );
    store.applications.put("team-shop/young", { ...young, metadata: { ...young.metadata, finalizers } });
    store.delete("Application", "team-shop/young");
    await operator.settle();
    expect(store.applications.truth("team-shop/young")?.metadata.finalizers).toEqual(finalizers);
  });

  test("does not put a former pair back where callers read the new one", async () => {
    store.projections.held = true;
    const [old] = before.keys;
    if (!old) throw new Error("it has a key");
    const next = { ...old, apiAppKey: "APIDnext", state: "Active" } as const;
    await otherWrites({ ...before, keys: [{ ...old, state: "Retiring" }, next] });
    const data = new Map(store.secrets.truth(CREDENTIALS)?.data).set(CREDENTIAL_KEYS.key, next.apiAppSecret);
    store.editSecret(CREDENTIALS, { data });
    await operator.settle();
    expect(store.secrets.truth(CREDENTIALS)?.data.get(CREDENTIAL_KEYS.key)).toBe(next.apiAppSecret);
  });

  test("does its part as soon as its caches show what is so", async () => {
    store.applications.held = true;
    apply({ suspended: true });
    await operator.settle();
    expect(projected().suspended).toBe(false);
    store.applications.held = false;
    store.applications.deliver();
    await operator.settle();
    expect(projected().suspended).toBe(true);
  });
});
