import { describe, expect, test } from "@jest/globals";
import { Delays } from "../../../../src/operator/run/delays.ts";
import { type QueueOptions, WorkQueue, type WorkResult } from "../../../../src/operator/run/queue.ts";

/** Time stands still; what sleeps wakes when time is moved. */
function manualClock() {
  let now = 0;
  const sleepers = new Set<{ due: number; wake: () => void }>();
  return {
    wall: () => now,
    monotonic: () => now,
    sleep: (ms: number, signal: AbortSignal) =>
      new Promise<void>((resolve) => {
        const sleeper = { due: now + ms, wake: resolve };
        sleepers.add(sleeper);
        signal.addEventListener("abort", () => resolve());
        if (signal.aborted) resolve();
      }),
    advance(ms: number) {
      now += ms;
      for (const sleeper of sleepers) {
        if (sleeper.due > now) continue;
        sleepers.delete(sleeper);
        sleeper.wake();
      }
    },
  };
}

const turn = () => new Promise((resolve) => setImmediate(resolve));

function start(work: (key: string) => Promise<WorkResult>, options: Partial<QueueOptions> = {}) {
  const clock = manualClock();
  const queue = new WorkQueue({ clock, jitter: () => 0, limit: () => 2, ...options });
  const stop = new AbortController();
  const running = queue.run(work, stop.signal);
  const end = () => {
    stop.abort();
    return running;
  };
  return { clock, queue, end };
}

describe("a work queue", () => {
  test("works once on a key that was added three times", async () => {
    const worked: string[] = [];
    const { queue, end } = start(async (key) => {
      worked.push(key);
      return { kind: "done" };
    });
    for (const key of ["a", "a", "b", "a"]) queue.add(key);
    await queue.idle();
    expect(worked).toEqual(["a", "b"]);
    await end();
  });

  test("works once more on a key that was added during its work, and never twice at a time", async () => {
    let working = 0;
    let runs = 0;
    let most = 0;
    const { queue, end } = start(async () => {
      most = Math.max(most, ++working);
      if (runs++ === 0) {
        queue.add("a");
        queue.add("a");
      }
      await turn();
      working -= 1;
      return { kind: "done" };
    });
    queue.add("a");
    await queue.idle();
    expect([runs, most]).toEqual([2, 1]);
    await end();
  });

  test("works on different keys at a time, as many as the limit allows", async () => {
    let release = () => {};
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    const worked: string[] = [];
    const depths: number[] = [];
    const work = async (key: string): Promise<WorkResult> => {
      worked.push(key);
      await held;
      return { kind: "done" };
    };
    const { queue, end } = start(work, { onDepth: (depth) => depths.push(depth) });
    for (const key of ["a", "b", "c"]) queue.add(key);
    await turn();
    expect(worked).toEqual(["a", "b"]);
    expect(depths).toEqual([1, 2, 3, 2, 1]);
    release();
    await queue.idle();
    expect(worked).toEqual(["a", "b", "c"]);
    expect(depths.at(-1)).toBe(0);
    await end();
  });

  test("begins with more keys when the limit has grown, and with fewer when it has shrunk", async () => {
    let limit = 1;
    let working = 0;
    const seen: number[] = [];
    const work = async (): Promise<WorkResult> => {
      seen.push(++working);
      await turn();
      working -= 1;
      if (seen.length === 1) limit = 3;
      if (seen.length === 4) limit = 1;
      return { kind: "done" };
    };
    const { queue, end } = start(work, { limit: () => limit });
    for (const key of ["a", "b", "c", "d", "e", "f"]) queue.add(key);
    await queue.idle();
    expect(seen).toEqual([1, 1, 2, 3, 1, 1]);
    await end();
  });

  test("tries a failed key again after a time that doubles, and forgets it after a success", async () => {
    const at: number[] = [];
    const { queue, clock, end } = start(async () => {
      at.push(clock.monotonic());
      return { kind: at.length < 4 ? "failed" : "done" };
    });
    queue.add("a");
    await queue.idle();
    for (const ms of [5, 10, 20]) {
      await turn();
      clock.advance(ms);
      await turn();
      await queue.idle();
    }
    expect(at).toEqual([0, 5, 15, 35]);
    await end();
  });

  test("works on a delayed key when its time has come, the earlier of two", async () => {
    const worked: string[] = [];
    const { queue, clock, end } = start(async (key) => {
      worked.push(key);
      return { kind: "done" };
    });
    queue.addAfter("late", 2_000);
    queue.addAfter("soon", 5_000);
    queue.addAfter("soon", 1_000);
    await turn();
    clock.advance(1_000);
    await turn();
    expect(worked).toEqual(["soon"]);
    clock.advance(1_000);
    await turn();
    expect(worked).toEqual(["soon", "late"]);
    clock.advance(10_000);
    await turn();
    expect(worked).toHaveLength(2);
    await end();
  });
});

test.each([
  ["without jitter", 0, [5, 10, 20, 40, 80, 160, 320, 640, 1280, 2560, 5120, 10_240, 20_480, 40_960, 60_000]],
  ["with jitter, by which they are up to half shorter", 0.5, [3.75, 7.5, 15, 30, 60, 120]],
])("waits of a key that fails grow from 5 ms to 60 s: %s", async (_, jitter, waits) => {
  const at: number[] = [];
  const work = async (): Promise<WorkResult> => {
    at.push(clock.monotonic());
    return { kind: "failed" };
  };
  const { queue, clock, end } = start(work, { jitter: () => jitter });
  queue.add("a");
  await queue.idle();
  for (const ms of waits) {
    for (const step of [ms - 1, 1]) {
      await turn();
      clock.advance(step);
      await turn();
      await queue.idle();
    }
  }
  expect(at.slice(1).map((time, index) => time - (at[index] ?? 0))).toEqual(waits);
  await end();
});

test("delays come in the order of their times, however they were set", () => {
  const delays = new Delays();
  const times = Array.from({ length: 200 }, (_, index) => (index * 7919) % 211);
  for (const [index, due] of times.entries()) delays.set(`k${index}`, due);
  delays.clear("k0");
  const taken: number[] = [];
  for (let key = delays.take(1_000); key; key = delays.take(1_000))
    taken.push(times[Number(key.slice(1))] ?? -1);
  expect(taken).toEqual([...times.slice(1)].sort((a, b) => a - b));
  expect(delays.next()).toBeUndefined();
});

test("the queue returns how long its first key has waited", async () => {
  const clock = manualClock();
  const queue = new WorkQueue({ clock, jitter: () => 0, limit: () => 1 });
  expect(queue.age).toBe(0);
  queue.add("a");
  clock.advance(5);
  queue.add("b");
  queue.add("a");
  clock.advance(5);
  expect(queue.age).toBe(10);
});
