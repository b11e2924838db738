import { expect, test } from "@jest/globals";
import { Backoff } from "../../../src/base/backoff.ts";

const limits = { firstMs: 100, longestMs: 30_000 };

test("waits double up to the longest, and start again after a success", () => {
  const backoff = new Backoff(limits);
  const waits = Array.from({ length: 12 }, () => backoff.next());
  expect(waits.slice(0, 4)).toEqual([100, 200, 400, 800]);
  expect(waits.at(-1)).toBe(30_000);
  backoff.reset();
  expect(backoff.next()).toBe(100);
});

test("a wait stays the longest after any number of failures", () => {
  const backoff = new Backoff(limits);
  for (let failures = 0; failures < 2_000; failures++) backoff.next();
  expect(backoff.next()).toBe(30_000);
});

test("jitter cuts up to half of each wait", () => {
  const jitters = [0, 0.5, 0.999];
  const backoff = new Backoff({ ...limits, jitter: () => jitters.shift() ?? 0 });
  expect(backoff.next()).toBe(100);
  expect(backoff.next()).toBe(150);
  expect(backoff.next()).toBeCloseTo(200.2);
});
