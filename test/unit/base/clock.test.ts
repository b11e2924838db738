import { getEventListeners } from "node:events";
import { expect, test } from "@jest/globals";
import { systemClock } from "../../../src/base/clock.ts";

const HOUR_MS = 3_600_000;

test("the wall clock counts from the epoch, and the monotonic clock never goes back", () => {
  expect(new Date(systemClock.wall()).getUTCFullYear()).toBeGreaterThan(2024);
  const before = systemClock.monotonic();
  expect(systemClock.monotonic()).toBeGreaterThanOrEqual(before);
});

test("a sleep that ends by itself leaves no listener on its signal", async () => {
  const { signal } = new AbortController();
  const asleep = systemClock.sleep(1, signal);
  expect(getEventListeners(signal, "abort")).toHaveLength(1);
  await asleep;
  expect(getEventListeners(signal, "abort")).toEqual([]);
});

test("a sleep ends when its signal aborts", async () => {
  const stop = new AbortController();
  const asleep = systemClock.sleep(HOUR_MS, stop.signal);
  stop.abort();
  await asleep;
});

test("a sleep whose signal has aborted before ends at once", async () => {
  await systemClock.sleep(HOUR_MS, AbortSignal.abort());
});
