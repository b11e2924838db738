import { expect, test } from "@jest/globals";
import fc from "fast-check";
import { dayOf, dayText, parseDay, startOfDay } from "../../../src/base/days.ts";

test("a day begins at midnight in UTC and ends right before the next one", () => {
  const noon = Date.parse("2026-11-28T12:00:00Z");
  const midnight = Date.parse("2026-11-28T00:00:00Z");
  expect(startOfDay(dayOf(noon))).toBe(midnight);
  expect(dayOf(midnight - 1)).toBe(dayOf(midnight) - 1);
});

test("the text of a day is read back, and no other text is", () => {
  fc.assert(fc.property(fc.integer({ min: 0, max: 100_000 }), (day) => parseDay(dayText(day)) === day));
  for (const text of ["", "2026-11", "2026-13-01", "2026-11-28T00:00:00Z", "__proto__"])
    expect(parseDay(text)).toBeUndefined();
});
