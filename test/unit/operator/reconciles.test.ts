import { afterEach, beforeEach, expect, jest, test } from "@jest/globals";
import { systemClock } from "../../../src/base/clock.ts";
import { type Operator, startOperator } from "../../../src/operator/controller.ts";
import { eventually } from "../../support/events.ts";
import { MemoryStore } from "../../support/memoryStore.ts";
import { keptLog, seededBytes } from "../../support/operatorHarness.ts";
import { applicationsOf } from "../../support/teamShop.ts";

let store: MemoryStore;
let operator: Operator;
let stop: AbortController;
let reconciles: number;

const { apply, condition } = applicationsOf(() => store);

beforeEach(() => {
  store = new MemoryStore();
  stop = new AbortController();
  reconciles = 0;
  operator = started();
});

function started(): Operator {
  const meter = { reconciled: () => void reconciles++, queueDepth: () => {} };
  const ports = { clock: systemClock, random: seededBytes("seed"), log: keptLog([]), meter };
  return startOperator(store, { ...ports, verifierPollMs: 1 }, stop.signal);
}

afterEach(async () => {
  stop.abort();
  await operator.stopped;
});

/** Resolves when the Application has the condition Ready of its generation. */
async function untilReady(generation: number): Promise<void> {
  const isReady = () => {
    const { status } = store.applications.get("team-shop/mobile") ?? {};
    return status?.observedGeneration === generation && condition("Ready") !== undefined;
  };
  while (!isReady()) {
    await new Promise<void>((resolve) => {
      const unsubscribe = store.applications.subscribe(() => {
        unsubscribe();
        resolve();
      });
    });
  }
  await operator.idle();
}

test("a change of an Application that no verifier needs to know costs one reconcile and one write", async () => {
  apply();
  await untilReady(1);
  const before = { reconciles, writes: store.writes.length };
  apply({ displayName: "other" });
  await untilReady(2);
  expect(reconciles - before.reconciles).toBe(1);
  expect(store.writes.slice(before.writes).map(({ method }) => method)).toEqual(["writeStatus"]);
});

test("a restart costs one reconcile for each object whose state every verifier has", async () => {
  store.setLease("verifier-1", "9".repeat(12));
  apply();
  await untilReady(1);
  stop.abort();
  await operator.stopped;
  const before = reconciles;
  const list = jest.spyOn(store, "listVerifiers");
  stop = new AbortController();
  operator = started();
  // A second reconcile would follow a list of the Leases.
  await eventually(() => list.mock.calls.length >= 2);
  await operator.idle();
  expect(reconciles - before).toBe(1);
});

test("a new Application takes four writes and one read, and its status is written once", async () => {
  store.setLease("verifier-1", "9".repeat(12));
  const reads = [jest.spyOn(store, "readObject"), jest.spyOn(store, "readProjectionVersion")];
  apply();
  await untilReady(1);
  expect(store.writes.map(({ method }) => method)).toEqual([
    "writeFinalizers",
    "createProjection",
    "createCredentials",
    "writeStatus",
  ]);
  expect(reads.map(({ mock }) => mock.calls.length)).toEqual([0, 1]);
  expect(condition("Ready")).toMatch(/^True /);
});
