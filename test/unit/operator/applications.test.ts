import { beforeEach, describe, expect, test } from "@jest/globals";
import type { Application } from "../../../src/api/application.ts";
import { CREDENTIAL_KEYS, LABEL_CREDENTIALS } from "../../../src/api/names.ts";
import type { MemoryStore } from "../../support/memoryStore.ts";
import { HandOperator, type ManualClock } from "../../support/operatorHarness.ts";
import {
  applicationsOf,
  CREDENTIALS,
  emptyStage,
  HOUR,
  imports,
  KEY,
  NAME,
  pair,
} from "../../support/teamShop.ts";

let store: MemoryStore;
let clock: ManualClock;
let operator: HandOperator;

beforeEach(() => {
  ({ store, clock, operator } = emptyStage());
});

const { apply, projected, keys, shown, active, published, condition } = applicationsOf(() => store);

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
    expect([...new Set(store.writes.map(({ method }) => method))]).toEqual([
      "writeFinalizers",
      "createProjection",
      "replaceProjection",
      "createCredentials",
      "writeStatus",
    ]);
  });

  test("P37: has no readable key while one verifier does not know it, and says for whom it waits", async () => {
    store.setLease("laggard", "1");
    apply();
    await operator.settle({ acknowledging: false });
    store.setLease("verifier-1", store.version);
    await operator.settle({ acknowledging: false });
    expect(published()).toBeUndefined();
    expect(keys()).toEqual([`${projected().keys[0]?.apiAppKey} Pending`]);
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

  test("has its key at once where there is no verifier, and says that there is none", async () => {
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

  test("says so when it accepts requests that are signed only in part", async () => {
    apply({ signing: { openVariants: ["FormNotSigned"], clockSkew: "5m" } });
    await operator.settle();
    expect(condition("WeakSigning")).toBe("True OpenVariants");
    expect(projected().signing).toMatchObject({ clockSkewSeconds: 300, openVariants: ["FormNotSigned"] });
  });

  test("with a spec that no schema allows any more has no effect and is stalled", async () => {
    apply({ signing: { clockSkew: "2h" } });
    await operator.settle();
    expect(condition("Accepted")).toBe("False Invalid");
    expect(condition("Stalled")).toBe("True Invalid");
    expect(store.projections.size).toBe(0);
  });

  test("that becomes invalid admits nobody and keeps its keys", async () => {
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
    await operator.settle({ acknowledging: false });
    clock.advance(31_000);
    store.setLease("verifier-1", store.version);
    await operator.settle({ acknowledging: false });
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
  ])("%s is never touched, and the condition says so", async (_, labels) => {
    store.setSecret("team-shop", "mobile-credentials", { mine: "x" }, {}, labels);
    apply();
    await operator.settle();
    expect(condition("CredentialsReady")).toBe("False SecretNotOurs");
    expect(condition("Ready")).toBe("False SecretNotOurs");
    expect([...(store.secrets.truth(CREDENTIALS)?.data.keys() ?? [])]).toEqual(["mine"]);
    store.deleteSecret(CREDENTIALS);
    await operator.after(61_000);
    await operator.settle();
    expect(condition("Ready")).toBe("True Ready");
  });
});

describe("a rotation", () => {
  test("keeps the old key for the overlap, counted from when callers can read the new one", async () => {
    apply({ credentials: { rotation: { overlap: "2h" } } });
    await operator.settle();
    const old = active().apiAppKey;
    clock.advance(HOUR);
    apply({ credentials: { rotation: { overlap: "2h", requestedAt: clock.text() } } });
    await operator.settle();
    expect(keys()).toEqual([`${old} Retiring`, `${active().apiAppKey} Active`]);
    expect(projected().keys[0]?.retiresAt).toBe("2026-01-01T03:00:00Z");
    expect(published()).not.toBe(old);
    await operator.after(2 * HOUR);
    await operator.settle();
    expect(shown()).toEqual([`${active().apiAppKey} Active`]);
    await operator.after(2 * HOUR);
    await operator.settle();
    expect(keys()).toEqual([`${active().apiAppKey} Active`]);
  });

  test("tells each of its steps as an Event", async () => {
    apply({ credentials: { rotation: { overlap: "2h" } } });
    await operator.settle();
    clock.advance(HOUR);
    apply({ credentials: { rotation: { overlap: "2h", requestedAt: clock.text() } } });
    await operator.settle();
    await operator.after(2 * HOUR);
    await operator.settle();
    expect(store.events.map(({ reason }) => reason)).toEqual([
      "KeyCreated",
      "CredentialsPublished",
      "KeyRotating",
      "CredentialsPublished",
      "KeyRetiring",
      "KeyRetired",
    ]);
  });

  test("asked for while the clock was an hour ahead is not asked for in vain once it is right again", async () => {
    apply();
    await operator.settle();
    clock.jump(HOUR);
    apply({ credentials: { rotation: { requestedAt: clock.text() } } });
    await operator.settle();
    const ahead = active().apiAppKey;
    clock.jump(-HOUR);
    clock.advance(60_000);
    apply({ credentials: { rotation: { requestedAt: "2026-01-01T01:00:01Z" } } });
    await operator.settle();
    expect(active().apiAppKey).toBe(ahead);
    await operator.after(HOUR);
    await operator.settle();
    expect(active().apiAppKey).not.toBe(ahead);
  });

  test("loses no key to a clock that jumps an hour ahead and back", async () => {
    apply({ credentials: { rotation: { overlap: "30m" } } });
    await operator.settle();
    clock.advance(60_000);
    apply({ credentials: { rotation: { overlap: "30m", requestedAt: clock.text() } } });
    await operator.settle();
    const before = keys();
    const [{ retiresAt } = { retiresAt: "" }] = projected().keys;
    for (const jump of [HOUR, -HOUR]) {
      clock.jump(jump);
      await operator.after(0);
      await operator.settle();
    }
    expect(keys()).toEqual(before);
    expect(projected().keys[0]?.retiresAt).toBe(retiresAt);
    expect(shown()).toEqual(before.toReversed());
  });

  test("by schedule comes early when the clock jumps an hour ahead, and neither again nor undone when it jumps back", async () => {
    apply({ credentials: { rotation: { interval: "24h" } } });
    await operator.settle();
    await operator.after(23.5 * HOUR);
    clock.jump(HOUR);
    await operator.after(0);
    await operator.settle();
    const [next, all] = [active().apiAppKey, keys()];
    expect(all).toHaveLength(2);
    clock.jump(-HOUR);
    await operator.after(0);
    await operator.settle();
    await operator.after(HOUR);
    await operator.settle();
    expect([active().apiAppKey, published(), keys()]).toEqual([next, next, all]);
  });

  test("waits for a silent verifier also when the clock jumps ahead by more than its Lease lives", async () => {
    apply();
    await operator.settle();
    store.setLease("silent");
    await operator.settle();
    const before = published();
    apply({ credentials: { rotation: { requestedAt: clock.text() } } });
    await operator.settle({ acknowledging: false });
    clock.jump(2 * HOUR);
    await operator.after(0);
    await operator.settle({ acknowledging: false });
    expect(store.leases.has("silent")).toBe(true);
    expect(published()).toBe(before);
  });

  test("by schedule comes once an interval", async () => {
    apply({ credentials: { rotation: { interval: "24h" } } });
    await operator.settle();
    const first = active().apiAppKey;
    await operator.after(23 * HOUR);
    await operator.settle();
    expect(active().apiAppKey).toBe(first);
    await operator.after(HOUR);
    await operator.settle();
    expect(active().apiAppKey).not.toBe(first);
    expect(projected().keys[0]?.retiresAt).toBe("2026-01-02T12:00:00Z");
  });
});

describe("an import", () => {
  const unusable: Record<string, [Record<string, string> | undefined, string]> = {
    "of a Secret that is not seen": [undefined, "ImportNotLabelled"],
    "without ApiAppKey": [{ ApiAppSecret: "0123456789abcdef" }, "ImportInvalid"],
    "without ApiAppSecret": [{ ApiAppKey: "K1" }, "ImportInvalid"],
    "with a line end in ApiAppKey": [pair("K1\n"), "ImportInvalid"],
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

  test("that is deleted or breaks keeps the last good key, and says what is wrong", async () => {
    store.setSecret("team-shop", "old", pair("K1"));
    apply(imports());
    await operator.settle();
    store.deleteSecret("team-shop/old");
    await operator.settle();
    expect(condition("CredentialsReady")).toBe("False ImportNotLabelled");
    expect(keys()).toEqual(["K1 Active"]);
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

  test("P17: of a key that another Application has leaves it to the other, names nobody, and heals when that goes", async () => {
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

describe("a deleted Application", () => {
  beforeEach(async () => {
    apply();
    await operator.settle();
  });

  test("is gone only after every verifier has dropped it, and names the one that it waits for", async () => {
    store.delete("Application", KEY);
    await operator.settle({ acknowledging: false });
    expect(projected().tombstone).toBe(true);
    expect(condition("Ready")).toBe("False Deleting");
    await operator.settle();
    expect([store.applications.size, store.projections.size, store.secrets.size]).toEqual([0, 0, 0]);
  });

  test("waits for nobody where there is no verifier", async () => {
    store.leases.clear();
    store.delete("Application", KEY);
    await operator.settle();
    expect(store.applications.size).toBe(0);
  });

  test("P38: that comes again under its name while its tombstone waits gets a new id and a new key", async () => {
    const before = projected();
    store.applications.put(KEY, undefined);
    store.deleteSecret(CREDENTIALS);
    apply();
    await operator.settle({ acknowledging: false });
    expect(projected()).toMatchObject({ uid: before.uid, tombstone: true });
    expect(published()).toBeUndefined();
    expect(condition("Ready")).toBe("False ReplacingNamesake");
    await operator.settle();
    expect(projected().applicationId).not.toBe(before.applicationId);
    expect(active().apiAppKey).not.toBe(before.keys[0]?.apiAppKey);
    expect(condition("Ready")).toBe("True Ready");
  });

  test("that nobody saw going leaves an orphan, which is withdrawn", async () => {
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

describe("a projection that somebody deleted by hand", () => {
  beforeEach(async () => {
    apply();
    await operator.settle();
  });

  test("is written again with the same id and keys, those that retire and those that were revoked, and says so", async () => {
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

  test("is not brought back when it was a tombstone", async () => {
    store.delete("Application", KEY);
    await operator.settle({ acknowledging: false });
    store.projections.put(NAME, undefined);
    await operator.settle();
    expect([store.applications.size, store.projections.size]).toEqual([0, 0]);
  });

  test("is none of a namesake's", async () => {
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
  test("says again what follows from the spec", async () => {
    apply();
    await operator.settle();
    const before = projected();
    for (const edit of [{ suspended: true }, { tombstone: true }, { labels: { tier: "x" } }]) {
      await store.replaceProjection(
        { ...before, ...edit },
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

describe("a write that", () => {
  test("is refused is told on the object, and tried again after an edit", async () => {
    store.beforeWrite = ({ method }) =>
      method === "createProjection" ? { kind: "refused", message: "no room in here" } : undefined;
    apply();
    await operator.settle();
    expect(condition("Ready")).toBe("False WriteRefused");
    expect(condition("Stalled")).toBe("True WriteRefused");
    store.beforeWrite = () => undefined;
    apply({ displayName: "edited" });
    await operator.settle();
    expect(condition("Ready")).toBe("True Ready");
    expect(condition("Stalled")).toBeUndefined();
  });

  test("meets a dying namespace ends there, without an error", async () => {
    store.beforeWrite = ({ method }) =>
      method === "createCredentials" ? { kind: "terminating" } : undefined;
    apply();
    await operator.settle();
    expect(operator.failures).toBe(0);
    expect(published()).toBeUndefined();
  });

  test("lags in the cache is not planned over: nothing is written twice", async () => {
    store.projections.held = true;
    apply();
    await operator.settle();
    expect(store.writes.map(({ method }) => method)).toEqual(["writeFinalizers", "createProjection"]);
    store.projections.held = false;
    store.projections.deliver();
    await operator.settle();
    expect(condition("Ready")).toBe("True Ready");
    expect(operator.failures).toBe(0);
  });
});

test("P31: no secret is in any status, event or log line", async () => {
  store.setSecret("team-shop", "old", pair("K1"));
  apply();
  apply(imports(), "imported");
  await operator.settle();
  const secrets = [active().apiAppSecret.reveal(), "K1-secret-secret-secret"];
  const told = JSON.stringify([operator.log, store.events, [...store.applications.values()]]);
  expect(operator.log.length).toBeGreaterThan(5);
  expect(store.events.length).toBeGreaterThan(0);
  for (const secret of secrets) expect(told).not.toContain(secret);
});
