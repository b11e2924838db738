import { describe, expect, test } from "@jest/globals";
import { days, lastUseOf } from "../../../../../src/cli/shared/flags/lastUseFlags.ts";

const DAY_MS = 86_400_000;

describe("a number of days", () => {
  test.each([
    ["30d", 30 * DAY_MS],
    ["1d", DAY_MS],
    ["720h", 30 * DAY_MS],
    ["24h", DAY_MS],
  ])("%s is read", (text, ms) => {
    expect(days(text)).toBe(ms);
  });

  test.each(["0d", "23h", "30", "d", "-1d", "1d12h", "1.5d", ""])(
    "%j is rejected with an example",
    (text) => {
      expect(() => days(text)).toThrow(/for example/);
    },
  );
});

test("without --last-use the operator records nothing, whatever --unused-after is", () => {
  expect(lastUseOf({ unusedAfter: DAY_MS })).toBeUndefined();
  expect(lastUseOf({ lastUse: true, unusedAfter: DAY_MS })).toEqual({ unusedAfterMs: DAY_MS });
});
