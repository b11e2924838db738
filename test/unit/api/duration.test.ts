import { expect, test } from "@jest/globals";
import { parseDuration } from "../../../src/api/duration.ts";

test.each([
  ["168h", 604_800_000],
  ["900s", 900_000],
  ["1h30m", 5_400_000],
  ["0s", 0],
])("%s is %d milliseconds", (text, ms) => {
  expect(parseDuration(text)).toBe(ms);
});

test("what no schema lets through is a bug, and thrown", () => {
  expect(() => parseDuration("90 days")).toThrow("not a duration");
});
