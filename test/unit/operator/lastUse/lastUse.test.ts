import { beforeEach, describe, expect, test } from "@jest/globals";
import { dayOf } from "../../../../src/base/days.ts";
import { encodeUses, type Use } from "../../../../src/projection/useReport.ts";
import { StoreUnavailable } from "../../../../src/store/store.ts";
import { MemoryStore } from "../../../support/memoryStore.ts";
import { HandOperator, ManualClock } from "../../../support/operatorHarness.ts";
import { applicationsOf, grantsOf, HOUR } from "../../../support/teamShop.ts";

const DAY = 24 * HOUR;
const OPTIONS = { unusedAfterMs: 90 * DAY };

let store: MemoryStore;
let clock: ManualClock;
let operator: HandOperator;

const { apply, active, condition } = applicationsOf(() => store);
const { grant, domain } = grantsOf(() => store);
const statusOf = (name = "mobile") => store.applications.get(`team-shop/${name}`)?.status;
const grantStatus = () => store.grants.get("team-shop/partners")?.status;

/** An operator that leads from now on, with what the store has. */
async function lead(): Promise<void> {
  operator?.stop();
  operator = new HandOperator(store, clock, "seed", false, OPTIONS);
  await operator.begin();
}

beforeEach(async () => {
  store = new MemoryStore();
  clock = new ManualClock();
  store.uses.set("verifier-1", "{}");
  store.setLease("verifier-1");
  store.setNamespace("team-shop", {});
  await lead();
});

/** A verifier reports these uses, and the operator takes them, as of today. */
async function report(uses: readonly Omit<Use, "day">[], verifier = "verifier-1", day = dayOf(clock.wall())) {
  store.uses.set(verifier, encodeUses(uses.map((use) => ({ ...use, day }))));
  store.setLease(verifier);
  await operator.settle();
}

/** All that waits is written. */
async function write(): Promise<void> {
  do await operator.settle();
  while (operator.releaseUse() > 0);
}

async function days(count: number): Promise<void> {
  for (let day = 0; day < count; day++) {
    for (let hour = 0; hour < 24; hour++) {
      clock.advance(HOUR);
      await operator.settle();
    }
    await operator.after(0);
    await write();
  }
}

const usesOf = () => [{ kind: "keys" as const, id: active().apiAppKey }];

describe("last use", () => {
  beforeEach(async () => {
    apply();
    domain(["api.shop.example.com"]);
    grant([{ name: "mobile" }]);
    await write();
  });

  test("of a key and of a grant is in their status once it is written", async () => {
    await report([...usesOf(), { kind: "grants", id: "team-shop/partners" }]);
    expect(statusOf()?.lastUsedTime).toBeUndefined();
    await write();
    const today = "2026-01-01T00:00:00Z";
    expect(statusOf()).toMatchObject({
      lastUsedTime: today,
      useRecordedSince: today,
      keys: [{ apiAppKey: active().apiAppKey, lastUsedTime: today }],
    });
    expect(grantStatus()).toMatchObject({ lastUsedTime: today, useRecordedSince: today });
  });

  test("is merged from several verifiers: the latest day counts, and none goes back", async () => {
    store.uses.set("verifier-2", "{}");
    clock.advance(3 * DAY);
    const today = dayOf(clock.wall());
    await report(usesOf(), "verifier-1", today - 1);
    await report(usesOf(), "verifier-2", today - 2);
    await write();
    expect(statusOf()?.lastUsedTime).toBe("2026-01-03T00:00:00Z");
    await report(usesOf(), "verifier-2", today - 3);
    await write();
    expect(statusOf()?.lastUsedTime).toBe("2026-01-03T00:00:00Z");
  });

  test("of a verifier whose clock is fast is today at the latest", async () => {
    await report(usesOf(), "verifier-1", dayOf(clock.wall()) + 400);
    await write();
    expect(statusOf()?.lastUsedTime).toBe("2026-01-01T00:00:00Z");
  });

  test("that was reported again causes no write", async () => {
    await report(usesOf());
    await write();
    await report([]);
    store.writes = [];
    await report(usesOf());
    await write();
    expect(store.writes).toEqual([]);
  });

  test("is written for one object at each release, and for none without", async () => {
    for (const name of ["a", "b", "c"]) apply({}, name);
    await write();
    const keys = [...store.applications.values()].flatMap(({ status }) => status?.keys ?? []);
    clock.advance(DAY);
    store.writes = [];
    await report(keys.map(({ apiAppKey }) => ({ kind: "keys", id: apiAppKey })));
    expect(store.writes).toEqual([]);
    for (let released = 1; released <= keys.length; released++) {
      operator.releaseUse(1);
      await operator.settle();
      expect(store.writes).toHaveLength(released);
    }
  });

  test("of an object that was deleted meanwhile is forgotten, as is that of an unknown key", async () => {
    await report([
      ...usesOf(),
      { kind: "keys", id: "APIDunknown" },
      { kind: "grants", id: "team-shop/none" },
    ]);
    store.delete("Application", "team-shop/mobile");
    await write();
    expect(store.applications.get("team-shop/mobile")).toBeUndefined();
    expect(operator.failures).toBe(0);
    expect(operator.releaseUse()).toBe(0);
  });

  test("of a public key is listed beside the key pairs", async () => {
    const publicKeys = [{ keyId: "partner-1", algorithm: "ed25519", publicKey: ED25519 }];
    apply({ credentials: { publicKeys }, signing: { schemes: ["HTTPMessageSignatures"] } });
    await write();
    await report([{ kind: "keys", id: "partner-1" }]);
    await write();
    expect(statusOf()?.publicKeys).toEqual([{ keyId: "partner-1", lastUsedTime: "2026-01-01T00:00:00Z" }]);
  });

  test("is not in any status without the option, also where an operator with it has written it", async () => {
    await report(usesOf());
    await write();
    operator.stop();
    operator = new HandOperator(store, clock);
    await write();
    expect(statusOf()).not.toHaveProperty("lastUsedTime");
    expect(statusOf()).not.toHaveProperty("useRecordedSince");
    expect(JSON.stringify(statusOf()?.keys)).not.toContain("lastUsedTime");
  });
});

test("no status changes while the record cannot be read, and all of them do afterwards", async () => {
  apply();
  await write();
  expect(statusOf()?.useRecordedSince).toBeDefined();
  const read = store.readUseRecord.bind(store);
  store.readUseRecord = async () => {
    throw new StoreUnavailable("away");
  };
  store.uses.delete("verifier-1");
  store.setLease("verifier-1");
  await lead();
  await write();
  expect(statusOf()?.useRecordedSince).toBeDefined();
  store.readUseRecord = read;
  await operator.begin();
  await write();
  expect(statusOf()).not.toHaveProperty("useRecordedSince");
});

describe("the condition Unused", () => {
  beforeEach(async () => {
    apply();
    await write();
  });

  test("is added after 90 days without a use, with an Event, and Ready stays True", async () => {
    await days(90);
    expect(condition("Unused")).toBe("True NotUsed");
    expect(condition("Ready")).toBe("True Ready");
    expect(store.events.filter(({ reason }) => reason === "NotUsed")).toHaveLength(1);
  });

  test("is not added while a verifier does not record, and 90 days have to pass afterwards", async () => {
    await days(80);
    store.uses.delete("verifier-1");
    store.setLease("verifier-1");
    await days(2);
    const logged = operator.log.filter((line) => line.includes("last use is not recorded"));
    expect(logged).toEqual([expect.stringContaining('"verifiers":"verifier-1"')]);
    expect(statusOf()).not.toHaveProperty("useRecordedSince");
    store.uses.set("verifier-1", "{}");
    store.setLease("verifier-1");
    await days(89);
    expect(condition("Unused")).toBeUndefined();
    await days(2);
    expect(condition("Unused")).toBe("True NotUsed");
  });

  test("is removed when an allowed request is reported", async () => {
    await days(90);
    await report(usesOf());
    await write();
    expect(condition("Unused")).toBeUndefined();
  });

  test("waits for 90 days after an operator with last use was away for more than an hour", async () => {
    await days(80);
    store.useRecord = { since: Date.parse("2026-01-01T00:00:00Z"), until: clock.wall() - HOUR - 1 };
    await lead();
    await operator.settle();
    await days(20);
    expect(condition("Unused")).toBeUndefined();
  });

  test("does not wait again after a change of the leader", async () => {
    await days(80);
    store.useRecord = { since: Date.parse("2026-01-01T00:00:00Z"), until: clock.wall() - HOUR / 2 };
    await lead();
    await operator.settle();
    await days(11);
    expect(condition("Unused")).toBe("True NotUsed");
  });
});

const ED25519 = `-----BEGIN PUBLIC KEY-----
MCowBQYDK2VwAyEAJrQLj5P/89iXES9+vFgrIy29clF9CC/oPPsw3c5D0bs=
-----END PUBLIC KEY-----`;
