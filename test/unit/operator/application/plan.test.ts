import { beforeEach, describe, expect, test } from "@jest/globals";
import type { Application } from "../../../../src/api/application.ts";
import type { MemoryStore } from "../../../support/memoryStore.ts";
import type { HandOperator } from "../../../support/operatorHarness.ts";
import { applicationsOf, emptyStage, HOUR, imports, KEY } from "../../../support/teamShop.ts";

let store: MemoryStore;
let operator: HandOperator;

beforeEach(() => {
  ({ store, operator } = emptyStage());
});

const { apply, projected, keys, active, published, condition } = applicationsOf(() => store);

describe("a new Application", () => {
  test("is Ready with an id, an active key and its Secret", async () => {
    apply();
    await operator.settle();
    expect(condition("Ready")).toBe("True Ready");
    const { status } = store.applications.get(KEY) as Application;
    expect(status).toMatchObject({
      applicationId: projected().applicationId,
      secretName: "mobile-credentials",
    });
    expect(published()).toBe(active().apiAppKey);
  });

  test("is written in an order that any write may end: finalizer, projection, Secret, status", async () => {
    apply();
    await operator.settle();
    expect(store.writes.map(({ method }) => method)).toEqual([
      "writeFinalizers",
      "createProjection",
      "createCredentials",
      "writeStatus",
    ]);
  });

  test("P37: has no readable key while one verifier does not know it, and the condition names that verifier", async () => {
    store.setLease("laggard", "1");
    apply();
    await operator.settle({ acknowledging: false });
    store.setLease("verifier-1", store.version);
    await operator.settle({ acknowledging: false, patient: true });
    expect(published()).toBeUndefined();
    expect(keys()).toEqual([`${projected().keys[0]?.apiAppKey} Active`]);
    const programmed = (store.applications.get(KEY) as Application).status?.conditions.find(
      ({ type }) => type === "Programmed",
    );
    expect(programmed).toMatchObject({
      status: "False",
      reason: "WaitingForVerifiers",
      message: "Waiting for laggard",
    });
    await operator.settle();
    expect(published()).toBe(active().apiAppKey);
    expect(condition("Ready")).toBe("True Ready");
  });

  test("has no status for the first 2 s of a wait for verifiers, since most waits end sooner", async () => {
    store.setLease("laggard", "1");
    apply();
    await operator.settle({ acknowledging: false });
    expect(condition("Ready")).toBeUndefined();
    await operator.settle({ acknowledging: false, patient: true });
    expect(condition("Ready")).toBe("False WaitingForKey");
  });

  test("has a status at once when something else than a wait is to be reported", async () => {
    apply(imports("missing"));
    await operator.settle({ acknowledging: false });
    expect(condition("Ready")).toBe("False ImportNotLabelled");
  });

  test("that is Ready and is changed does not claim Ready while a verifier lags", async () => {
    apply();
    await operator.settle();
    apply({ suspended: true });
    await operator.settle({ acknowledging: false });
    expect(condition("Ready")).toBe("False WaitingForVerifiers");
    store.delete("Application", KEY);
    await operator.settle({ acknowledging: false });
    expect(condition("Ready")).toBe("False WaitingForVerifiers");
    await operator.settle({ acknowledging: false, patient: true });
    expect(condition("Ready")).toBe("False Deleting");
  });

  test("has its key at once when there is no verifier, and the condition reports that", async () => {
    store.leases.clear();
    apply();
    await operator.settle();
    expect(published()).toBe(active().apiAppKey);
    expect(condition("Programmed")).toBe("Unknown NoVerifier");
    expect(condition("Ready")).toBe("Unknown NoVerifier");
    store.setLease("first", "");
    await operator.settle();
    expect(condition("Ready")).toBe("True Ready");
  });

  test("is Ready though suspended or expired, since that is what was asked", async () => {
    apply({ suspended: true });
    await operator.settle();
    expect(condition("Ready")).toBe("True Suspended");
    apply({ expiresAt: "2025-01-01T00:00:00Z" });
    await operator.settle();
    expect(condition("Ready")).toBe("True Expired");
    expect(projected()).toMatchObject({ suspended: false, expiresAt: "2025-01-01T00:00:00Z" });
  });

  test("has a condition when it accepts requests that are signed only in part", async () => {
    apply({ signing: { openVariants: ["FormNotSigned"], clockSkew: "5m" } });
    await operator.settle();
    expect(condition("WeakSigning")).toBe("True OpenVariants");
    expect(projected().schemes.Tencent).toMatchObject({
      clockSkewSeconds: 300,
      openVariants: ["FormNotSigned"],
    });
  });

  test("has that condition, with a reason of its own, when it accepts requests of which only headers are signed", async () => {
    apply({ signing: { schemes: ["TencentKeyPair"] } });
    await operator.settle();
    expect(condition("WeakSigning")).toBe("True OnlyHeadersSigned");
    apply({ signing: { schemes: ["Tencent"] } });
    await operator.settle();
    expect(condition("WeakSigning")).toBeUndefined();
  });

  test("reminds of its end a week before", async () => {
    apply({ expiresAt: "2026-01-08T01:00:00Z" });
    await operator.settle();
    expect(condition("Expiring")).toBeUndefined();
    expect(operator.nextLook("Application/team-shop/mobile")).toBe(Date.parse("2026-01-01T01:00:00Z"));
    await operator.after(3_600_000);
    await operator.settle();
    expect(condition("Expiring")).toBe("True ExpiresSoon");
    expect(store.events.map(({ reason }) => reason)).toContain("ExpiresSoon");
  });

  test("publishes replay protection, and nothing of it while the mode is Off", async () => {
    apply({ replayProtection: { mode: "Required" } });
    await operator.settle();
    expect(projected().replayProtection).toEqual({ mode: "Required" });
    apply({ replayProtection: { mode: "WhenSent", window: "1h" } });
    await operator.settle();
    expect(projected().replayProtection).toEqual({ mode: "WhenSent", windowSeconds: 3_600 });
    apply({ replayProtection: { mode: "Off", window: "1h" } });
    await operator.settle();
    expect(projected()).not.toHaveProperty("replayProtection");
  });

  test("has settings for each scheme that it allows, and none for others", async () => {
    apply({ signing: { schemes: ["AlibabaCA"], algorithms: ["hmac-sha1", "hmac-sm3"] } });
    await operator.settle();
    expect(projected().schemes).toEqual({
      AlibabaCA: {
        algorithms: ["hmac-sha1"],
        clockSkewSeconds: 900,
        parameters: "Auto",
        openVariants: [],
      },
    });
  });

  test("with a spec that no schema allows any more has no effect and is stalled", async () => {
    apply({ signing: { clockSkew: "2h" } });
    await operator.settle();
    expect(condition("Accepted")).toBe("False Invalid");
    expect(condition("Stalled")).toBe("True Invalid");
    expect(store.projections.size).toBe(0);
  });

  test("that becomes invalid allows no request and keeps its keys", async () => {
    apply();
    await operator.settle();
    const before = active().apiAppKey;
    apply({ nonsense: 1 });
    await operator.settle();
    expect(projected().suspended).toBe(true);
    expect(active().apiAppKey).toBe(before);
    apply({});
    await operator.settle();
    expect(projected().suspended).toBe(false);
    expect(condition("Ready")).toBe("True Ready");
    expect(condition("Stalled")).toBeUndefined();
  });

  test("writes nothing more once it is at rest", async () => {
    apply();
    await operator.settle();
    const before = store.writes.length;
    await operator.after(HOUR);
    await operator.settle();
    expect(store.writes).toHaveLength(before);
  });
});
