import { beforeEach, describe, expect, test } from "@jest/globals";
import type { MemoryStore } from "../../../support/memoryStore.ts";
import type { HandOperator, ManualClock } from "../../../support/operatorHarness.ts";
import { applicationsOf, emptyStage, HOUR, imports, pair } from "../../../support/teamShop.ts";

let store: MemoryStore;
let clock: ManualClock;
let operator: HandOperator;

beforeEach(() => {
  ({ store, clock, operator } = emptyStage());
});

const { apply, projected, keys, shown, active, published, condition } = applicationsOf(() => store);

describe("a reminder to rotate", () => {
  const reminders = () => store.events.filter(({ reason }) => reason === "KeyIsOld");
  const rotation = { remindAfter: "48h" };

  test("is a condition and one Event when the active pair is older, until it is replaced", async () => {
    apply({ credentials: { rotation } });
    await operator.settle();
    const old = active().apiAppKey;
    expect(condition("RotationDue")).toBeUndefined();
    expect(operator.nextLook("Application/team-shop/mobile")).toBe(Date.parse("2026-01-03T00:00:00Z"));
    await operator.after(48 * HOUR);
    await operator.settle();
    expect(condition("RotationDue")).toBe("True KeyIsOld");
    expect(condition("Ready")).toBe("True Ready");
    apply({ description: "changed", credentials: { rotation } });
    await operator.settle();
    expect(reminders().map(({ type, message }) => [type, message])).toEqual([
      ["Warning", expect.stringContaining(`${old} is in use since 2026-01-01T00:00:00Z`)],
    ]);
    apply({ credentials: { rotation: { ...rotation, requestedAt: clock.text() } } });
    await operator.settle();
    expect(active().apiAppKey).not.toBe(old);
    expect(condition("RotationDue")).toBeUndefined();
    expect(reminders()).toHaveLength(1);
  });

  test("names the Secret of an imported pair as the way to replace it", async () => {
    store.setSecret("team-shop", "old", pair("APIDold"));
    apply(imports("old", { rotation }));
    await operator.settle();
    await operator.after(48 * HOUR);
    await operator.settle();
    expect(reminders()[0]?.message).toContain("write a new pair to the Secret that importFrom names");
  });

  test("is not given without remindAfter", async () => {
    apply();
    await operator.settle();
    clock.advance(10_000 * HOUR);
    await operator.settle();
    expect(condition("RotationDue")).toBeUndefined();
    expect(reminders()).toEqual([]);
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

  test("records an Event for each step", async () => {
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
