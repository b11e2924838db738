import { expect, test } from "@jest/globals";
import { parseDuration } from "../../../src/api/duration.ts";

test.each([
  ["168h", 604_800_000],
  ["900s", 900_000],
  ["1h30m", 5_400_000],
  ["0s", 0],
  ["500ms", 500],
  ["5m", 300_000],
  ["1h2m3s4ms", 3_723_004],
])("%s is %d milliseconds", (text, ms) => {
  expect(parseDuration(text)).toBe(ms);
});

test.each(["90 days", "0.5", "5", "1.5s", "ms", "", "1s ", "1h1h1h1h1h"])("%j is not a duration", (text) => {
  expect(() => parseDuration(text)).toThrow("not a duration");
});
