import { randomBytes } from "node:crypto";
import { afterEach, expect, jest, test } from "@jest/globals";
import type { Clock } from "../../../src/base/clock.ts";
import { type Operator, startOperator } from "../../../src/operator/controller.ts";
import { StoreUnavailable } from "../../../src/store/store.ts";
import { eventually } from "../../support/events.ts";
import { MemoryStore } from "../../support/memoryStore.ts";
import { keptLog } from "../../support/operatorHarness.ts";

const clock: Clock = {
  wall: () => Date.now(),
  monotonic: () => performance.now(),
  sleep: (ms, signal) =>
    new Promise((resolve) => {
      const done = () => {
        clearTimeout(timer);
        resolve();
      };
      const timer = setTimeout(done, ms);
      signal.addEventListener("abort", done);
      if (signal.aborted) done();
    }),
};

// A busy machine takes its time over 300 Applications.
jest.setTimeout(60_000);

let stop = new AbortController();
let operator: Operator | undefined;

afterEach(async () => {
  stop.abort();
  await operator?.stopped;
  stop = new AbortController();
});

function run(store: MemoryStore, results: string[] = []): Operator {
  const meter = {
    reconciled: (kind: string, result: string) => results.push(`${kind} ${result}`),
    queueDepth: () => {},
  };
  const options = { clock, random: randomBytes, log: keptLog([]), meter, verifierPollMs: 1 };
  return startOperator(store, options, stop.signal);
}

const isReady = (store: MemoryStore, name: string) =>
  store.applications
    .get(`team-shop/${name}`)
    ?.status?.conditions.some(({ type, status }) => type === "Ready" && status === "True");

test("a running operator brings 300 Applications to Ready, lists Leases for all of them together, and stops", async () => {
  const store = new MemoryStore();
  store.setLease("verifier-1", "9".repeat(12));
  const names = Array.from({ length: 300 }, (_, index) => `app-${index}`);
  for (const name of names) store.apply({ kind: "Application", namespace: "team-shop", name, spec: {} });
  operator = run(store);
  await eventually(() => names.every((name) => isReady(store, name)), { timeoutMs: 50_000 });
  expect(
    new Set(
      [...store.projections.values()].map(
        ({ document }) => document?.kind === "Application" && document.applicationId,
      ),
    ).size,
  ).toBe(300);
  expect(store.listings).toBeLessThan(300);
  stop.abort();
  await operator.stopped;
  const before = store.writes.length;
  store.apply({ kind: "Application", namespace: "team-shop", name: "late", spec: {} });
  expect(store.writes).toHaveLength(before);
});

test("a store that does not answer, and writes that meet others, are tried again until they succeed", async () => {
  const store = new MemoryStore();
  store.setLease("verifier-1", "9".repeat(12));
  let calls = 0;
  store.beforeWrite = ({ method }) => {
    if (method === "createCredentials") return undefined;
    calls += 1;
    if (calls % 3 === 1) throw new StoreUnavailable("it does not answer");
    return calls % 3 === 2 ? { kind: "conflict" } : undefined;
  };
  const results: string[] = [];
  operator = run(store, results);
  store.apply({ kind: "Application", namespace: "team-shop", name: "mobile", spec: {} });
  await eventually(() => isReady(store, "mobile"));
  await operator.idle();
  expect(results).toContain("Application error");
  expect(results.at(-1)).toBe("Application done");
});

test.each([
  ["a fixed number of workers begins with all of them", { workers: 20, hasFixedWorkers: true }, 20],
  ["an adaptive number of workers begins with few", { workers: 20 }, 8],
])("%s", async (_, options, expected) => {
  const store = new MemoryStore();
  for (let i = 0; i < 40; i++)
    store.apply({ kind: "Application", namespace: "team-shop", name: `app-${i}`, spec: {} });
  let inUse = 0;
  let most = 0;
  jest.spyOn(store, "writeFinalizers").mockImplementation(async () => {
    most = Math.max(most, ++inUse);
    await new Promise((resolve) => setImmediate(resolve));
    inUse -= 1;
    throw new StoreUnavailable("the disk is slow");
  });
  const meter = { reconciled: () => {}, queueDepth: () => {} };
  const ports = { clock, random: randomBytes, log: keptLog([]), meter, verifierPollMs: 1 };
  operator = startOperator(store, { ...ports, ...options }, stop.signal);
  await eventually(() => most > 0 && inUse === 0);
  expect(most).toBe(expected);
});
