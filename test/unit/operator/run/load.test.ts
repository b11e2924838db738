import { expect, test } from "@jest/globals";
import { assemble } from "../../../../src/operator/controller.ts";
import type { Load } from "../../../../src/operator/run/adaptiveLimit.ts";
import { StoreUnavailable } from "../../../../src/store/store.ts";
import { MemoryStore } from "../../../support/memoryStore.ts";
import { keptLog, ManualClock, seededBytes, silentMeter } from "../../../support/operatorHarness.ts";

/** The results that a reconcile of a new Application reports, when its writes end in this way. */
async function loadsOf(write: (clock: ManualClock) => void): Promise<readonly Load[]> {
  const store = new MemoryStore();
  const clock = new ManualClock();
  const loads: Load[] = [];
  const ports = { clock, random: seededBytes("seed"), log: keptLog([]), meter: silentMeter };
  const options = { pollMs: 250, onLoad: (load: Load) => loads.push(load) };
  const { reconciler } = assemble(store, ports, () => {}, options);
  store.apply({ kind: "Application", namespace: "team-shop", name: "mobile", spec: {} });
  store.beforeWrite = () => {
    write(clock);
    return undefined;
  };
  await reconciler.reconcile("Application/team-shop/mobile");
  return loads;
}

test("the duration of each write is reported", async () => {
  const loads = await loadsOf((clock) => clock.advance(30));
  expect(loads).toEqual([
    { kind: "replied", ms: 30 },
    { kind: "replied", ms: 30 },
  ]);
});

test("a write that the store does not carry out is reported as failed", async () => {
  const loads = await loadsOf(() => {
    throw new StoreUnavailable("POST returned 429");
  });
  expect(loads).toEqual([{ kind: "failed" }]);
});

test("a bug is not reported as load of the store", async () => {
  const loads = await loadsOf(() => {
    throw new TypeError("a bug");
  });
  expect(loads).toEqual([]);
});
