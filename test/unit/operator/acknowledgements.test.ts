import { beforeEach, describe, expect, test } from "@jest/globals";
import { Acknowledgements } from "../../../src/operator/acknowledgements.ts";
import { MemoryStore } from "../../support/memoryStore.ts";
import { keptLog, ManualClock } from "../../support/operatorHarness.ts";

let store: MemoryStore;
let clock: ManualClock;
let changed: string[];
let presence: number;
let acknowledgements: Acknowledgements;

beforeEach(() => {
  store = new MemoryStore();
  clock = new ManualClock();
  changed = [];
  presence = 0;
  acknowledgements = new Acknowledgements(store, {
    clock,
    log: keptLog([]),
    pollMs: 250,
    onChange: (key) => changed.push(key),
    onPresence: () => {
      presence += 1;
    },
  });
});

describe("a version", () => {
  test("is not acknowledged by a list that began before the version was known", async () => {
    store.setLease("v", "100");
    await acknowledgements.list();
    expect(acknowledgements.of("p", "7")).toEqual({ kind: "unknown" });
    await acknowledgements.list();
    expect(acknowledgements.of("p", "7")).toMatchObject({ kind: "known", laggards: [] });
  });

  test("is not acknowledged by a list that was under way when the version became known", async () => {
    store.setLease("v", "100");
    const list = acknowledgements.list();
    acknowledgements.of("p", "7");
    await list;
    expect(acknowledgements.of("p", "7")).toEqual({ kind: "unknown" });
  });

  test("waits for every verifier, and names those that lag", async () => {
    store.setLease("a", "9");
    store.setLease("b", "10");
    store.setLease("new", "");
    acknowledgements.of("p", "10");
    await acknowledgements.list();
    expect(acknowledgements.of("p", "10")).toMatchObject({ verifiers: 3, laggards: ["a", "new"] });
  });

  test("stays acknowledged when another verifier begins, since that begins with a full list", async () => {
    store.setLease("a", "10");
    acknowledgements.of("p", "10");
    await acknowledgements.list();
    acknowledgements.of("p", "10");
    store.setLease("b", "");
    await acknowledgements.list();
    expect(acknowledgements.of("p", "10")).toMatchObject({ verifiers: 2, laggards: [] });
    expect(acknowledgements.of("p", "11")).toEqual({ kind: "unknown" });
  });
});

describe("those who wait", () => {
  test("are all answered by one list", async () => {
    store.setLease("a", "99");
    for (let i = 0; i < 100; i++) acknowledgements.wait(`p${i}`, "10", `key${i}`);
    await acknowledgements.list();
    expect(changed).toHaveLength(100);
    expect(store.listings).toBe(1);
  });

  test("hear of it when the laggards change, and nothing while they do not", async () => {
    store.setLease("a", "1");
    store.setLease("b", "1");
    acknowledgements.wait("p", "10", "key");
    await acknowledgements.list();
    await acknowledgements.list();
    expect(changed).toHaveLength(1);
    store.setLease("a", "10");
    await acknowledgements.list();
    expect(changed).toHaveLength(2);
  });
});

describe("a Lease", () => {
  test("is dead, and deleted, when two lists its duration apart show it unchanged", async () => {
    store.setLease("dead", "1", 60);
    store.setLease("alive", "1", 60);
    acknowledgements.of("p", "10");
    await acknowledgements.list();
    clock.advance(59_000);
    store.setLease("alive", "10", 60);
    await acknowledgements.list();
    expect([...store.leases.keys()]).toEqual(["dead", "alive"]);
    clock.advance(1_000);
    await acknowledgements.list();
    expect([...store.leases.keys()]).toEqual(["alive"]);
    await acknowledgements.list();
    expect(acknowledgements.of("p", "10")).toMatchObject({ laggards: [] });
  });

  test("that has not changed for 30 s holds up no reset, but everything else", async () => {
    store.setLease("silent", "1");
    acknowledgements.of("p", "10");
    await acknowledgements.list();
    expect(acknowledgements.of("p", "10")).toMatchObject({ activeLaggards: ["silent"] });
    clock.advance(30_001);
    await acknowledgements.list();
    expect(acknowledgements.of("p", "10")).toMatchObject({ laggards: ["silent"], activeLaggards: [] });
  });

  test("that is the first one, or was the last one, is a reason to look at everything", async () => {
    await acknowledgements.list();
    expect(presence).toBe(0);
    store.setLease("a");
    await acknowledgements.list();
    store.leases.clear();
    await acknowledgements.list();
    expect(presence).toBe(2);
  });
});
