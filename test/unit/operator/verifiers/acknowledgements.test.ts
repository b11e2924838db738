import { afterEach, beforeEach, describe, expect, jest, test } from "@jest/globals";
import type { Clock } from "../../../../src/base/clock.ts";
import {
  isAcknowledgedByAll,
  isAcknowledgedByLive,
} from "../../../../src/operator/verifiers/acknowledgement.ts";
import { Acknowledgements } from "../../../../src/operator/verifiers/acknowledgements.ts";
import { StoreUnavailable } from "../../../../src/store/store.ts";
import { MemoryStore } from "../../../support/memoryStore.ts";
import { keptLog, ManualClock } from "../../../support/operatorHarness.ts";

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
    expect(acknowledgements.of("p", "10")).toMatchObject({ verifiers: 3, laggards: live("a", "new") });
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

/** Its sleeps end when a test ends them, or when they are aborted. */
class SteppedClock implements Clock {
  readonly wall = () => 0;
  readonly monotonic = () => 0;
  readonly sleeping = new Map<number, () => void>();

  sleep(ms: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const end = () => {
        this.sleeping.delete(ms);
        resolve();
      };
      this.sleeping.set(ms, end);
      signal.addEventListener("abort", end);
    });
  }

  /** Ends the one sleep there is, which must be of this length. */
  async end(ms: number): Promise<void> {
    await tick();
    expect([...this.sleeping.keys()]).toEqual([ms]);
    this.sleeping.get(ms)?.();
    await tick();
  }
}

const tick = () => new Promise((resolve) => setImmediate(resolve));

describe("the Leases are listed", () => {
  let stepped: SteppedClock;
  let stop: AbortController;
  let running: Promise<void>;
  beforeEach(() => {
    stepped = new SteppedClock();
    const options = { log: keptLog([]), pollMs: 250, onPresence: () => {} };
    acknowledgements = new Acknowledgements(store, {
      ...options,
      clock: stepped,
      onChange: (key) => changed.push(key),
    });
    stop = new AbortController();
    store.setLease("v", "5");
  });
  afterEach(async () => {
    stop.abort();
    await running;
  });

  test("ever more rarely while nothing comes of it, and soon again when something else comes to wait", async () => {
    acknowledgements.wait("p", "10", "late");
    running = acknowledgements.run(stop.signal);
    for (const pause of [250, 250, 500, 1_000, 2_000, 2_000]) await stepped.end(pause);
    acknowledgements.wait("q", "5", "early");
    for (const pause of [250, 250]) await stepped.end(pause);
    expect(changed).toEqual(["late", "early"]);
  });

  test("soon when the Pod of a verifier changes, and not for any other Pod", async () => {
    store.setPod("verifier-a", { uid: "uid-a", phase: "Running" });
    store.setLease("v", "5", 3600, { namespace: "countersign-system", name: "verifier-a", uid: "uid-a" });
    running = acknowledgements.run(stop.signal);
    await stepped.end(10_000);
    store.setPod("other", { uid: "uid-o", phase: "Running" });
    await tick();
    expect([...stepped.sleeping.keys()]).toEqual([10_000]);
    store.setPod("verifier-a", undefined);
    await stepped.end(250);
    expect([...store.leases.keys()]).toEqual([]);
  });

  test("soon and often when something comes to wait after a long rest", async () => {
    running = acknowledgements.run(stop.signal);
    for (const pause of [10_000, 10_000, 10_000]) await stepped.end(pause);
    acknowledgements.wait("p", "10", "key");
    for (const pause of [250, 250]) await stepped.end(pause);
    store.setLease("v", "10");
    await stepped.end(500);
    expect(changed.at(-1)).toBe("key");
    await tick();
    expect([...stepped.sleeping.keys()]).toEqual([10_000]);
  });
});

const live = (...names: readonly string[]) => names.map((name) => ({ name, state: "live" }));

/** Lists every 10 s for so long, while one verifier renews its Lease and the others do not. */
async function quiet(ms: number, renewing: string, applied: string): Promise<void> {
  for (let passed = 0; passed < ms; passed += 10_000) {
    clock.advance(10_000);
    store.setLease(renewing, applied);
    await acknowledgements.list();
  }
}

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

  test("that has not changed for 30 s belongs to a silent verifier, which only removals wait for", async () => {
    store.setLease("silent", "1");
    store.setLease("live", "10");
    acknowledgements.of("p", "10");
    await acknowledgements.list();
    const before = acknowledgements.of("p", "10");
    expect(before).toMatchObject({ live: 2, laggards: live("silent") });
    expect([isAcknowledgedByLive(before), isAcknowledgedByAll(before)]).toEqual([false, false]);
    await quiet(40_000, "live", "10");
    const after = acknowledgements.of("p", "10");
    const since = Date.parse("2026-01-01T00:00:00Z");
    expect(after).toMatchObject({
      live: 1,
      laggards: [{ name: "silent", state: "silent", since, until: since + 3_600_000 }],
    });
    expect([isAcknowledgedByLive(after), isAcknowledgedByAll(after)]).toEqual([true, false]);
    expect(acknowledgements.counts()).toEqual({ live: 1, silent: 1 });
  });

  test("of a verifier that is heard again does not undo what the live ones had acknowledged", async () => {
    store.setLease("silent", "1");
    store.setLease("live", "10");
    acknowledgements.of("p", "10");
    await acknowledgements.list();
    await quiet(40_000, "live", "10");
    expect(isAcknowledgedByLive(acknowledgements.of("p", "10"))).toBe(true);
    store.setLease("silent", "2");
    await acknowledgements.list();
    const found = acknowledgements.of("p", "10");
    expect(found).toMatchObject({ live: 2, laggards: live("silent") });
    expect(isAcknowledgedByLive(found)).toBe(true);
  });

  test("is not taken for silent for the time in which the operator could not list", async () => {
    store.setLease("a", "1");
    acknowledgements.of("p", "10");
    await acknowledgements.list();
    clock.advance(600_000);
    await acknowledgements.list();
    expect(acknowledgements.of("p", "10")).toMatchObject({ laggards: live("a") });
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

describe("a verifier's Pod", () => {
  const pod = { namespace: "countersign-system", name: "verifier-a", uid: "uid-a" };

  const ends: Record<string, () => void> = {
    "is gone": () => store.setPod("verifier-a", undefined),
    "has another UID": () => store.setPod("verifier-a", { uid: "uid-b", phase: "Running" }),
    "has succeeded": () => store.setPod("verifier-a", { uid: "uid-a", phase: "Succeeded" }),
    "has failed": () => store.setPod("verifier-a", { uid: "uid-a", phase: "Failed" }),
  };
  test.each(Object.entries(ends))("that %s has ended: its Lease is deleted at once", async (_, end) => {
    store.setPod("verifier-a", { uid: "uid-a", phase: "Running" });
    store.setLease("a", "1", 3600, pod);
    store.setLease("b", "10");
    acknowledgements.of("p", "10");
    await acknowledgements.list();
    end();
    await acknowledgements.list();
    expect([...store.leases.keys()]).toEqual(["b"]);
    expect(acknowledgements.of("p", "10")).toMatchObject({ verifiers: 1, laggards: [] });
  });

  test.each(["Running", "Pending", "Unknown"])("in phase %s may still decide requests", async (phase) => {
    store.setPod("verifier-a", { uid: "uid-a", phase });
    store.setLease("a", "1", 3600, pod);
    await acknowledgements.list();
    expect([...store.leases.keys()]).toEqual(["a"]);
  });

  test("that only the cache misses has not ended", async () => {
    store.pods.held = true;
    store.setPod("verifier-a", { uid: "uid-a", phase: "Running" });
    store.setLease("a", "1", 3600, pod);
    await acknowledgements.list();
    expect([...store.leases.keys()]).toEqual(["a"]);
  });

  test("is read after the Leases were listed, never before", async () => {
    store.setPod("verifier-a", { uid: "uid-0", phase: "Running" });
    const listVerifiers = store.listVerifiers.bind(store);
    // The Pod is replaced, and the new one writes its Lease, while the Leases are being listed.
    store.listVerifiers = async () => {
      store.pods.held = true;
      store.setPod("verifier-a", { uid: "uid-a", phase: "Running" });
      store.setLease("a", "1", 3600, pod);
      return listVerifiers();
    };
    await acknowledgements.list();
    expect([...store.leases.keys()]).toEqual(["a"]);
  });

  test("of another namespace proves nothing, and is not read", async () => {
    const readPod = jest.spyOn(store, "readPod");
    store.setLease("a", "1", 3600, { ...pod, namespace: "elsewhere" });
    await acknowledgements.list();
    expect([...store.leases.keys()]).toEqual(["a"]);
    expect(readPod).not.toHaveBeenCalled();
  });

  test("that cannot be read proves nothing", async () => {
    store.readPod = async () => {
      throw new StoreUnavailable("403");
    };
    store.setLease("a", "1", 3600, pod);
    await acknowledgements.list();
    expect([...store.leases.keys()]).toEqual(["a"]);
  });

  test("that has ended leaves a Lease that changed meanwhile alone: somebody renews it", async () => {
    store.setLease("a", "1", 3600, pod);
    store.readPod = async () => {
      store.setLease("a", "2", 3600, pod);
      return undefined;
    };
    acknowledgements.of("p", "10");
    await acknowledgements.list();
    expect([...store.leases.keys()]).toEqual(["a"]);
    expect(acknowledgements.of("p", "10")).toMatchObject({ laggards: live("a") });
  });
});
