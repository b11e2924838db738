import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { countItems, splitParameters } from "../../../src/signing/parameters/parameters.ts";
import { compareParameters, sortByName } from "../../../src/signing/parameters/sortByName.ts";

/** Byte strings that often begin alike, and differ in a byte that is 0 or missing. */
const NAME = fc
  .array(fc.constantFrom("a", "b", "field", "items[0][", "\0", "\x7f", "\xc3\xa9", "\xff"), { maxLength: 7 })
  .map((parts) => parts.join(""));
const PARAMETERS = fc.array(
  fc.record({ name: NAME, value: fc.constantFrom("", "1", "2"), hasEquals: fc.boolean() }),
  { maxLength: 200, size: "max" },
);

describe("parameters sorted by name", () => {
  test("are in the order of a comparison of each two, those that are equal in the order sent", () => {
    fc.assert(
      fc.property(PARAMETERS, (parameters) => {
        expect(sortByName(parameters)).toEqual([...parameters].sort(compareParameters));
      }),
    );
  });

  test.each([
    ["of one name", () => "same"],
    [
      "that count up behind what all begin with",
      (at: number) => `customer[addresses][${(at * 7_919) % 10_007}]`,
    ],
    ["of which each begins with the one before", (at: number) => "a".repeat((at * 31) % 1_000)],
    ["of two long beginnings", (at: number) => `${(at % 2 === 0 ? "x" : "y").repeat(50)}${(at * 7) % 1_000}`],
  ])("%s", (_, nameOf) => {
    const parameters = Array.from({ length: 1_000 }, (_, at) => ({
      name: nameOf(at),
      value: String((at * 3) % 17),
      hasEquals: true,
    }));
    expect(sortByName(parameters)).toEqual([...parameters].sort(compareParameters));
  });
});

describe("the items of a query", () => {
  const TEXT = fc
    .array(fc.constantFrom("a", "&", "&&", "=", "==", "%41", "+", "%zz", "%"), { maxLength: 20 })
    .map((parts) => parts.join(""));

  test("are split at every ampersand, and at the first equals sign of each", () => {
    fc.assert(
      fc.property(TEXT, (text) => {
        const expected = text
          .split("&")
          .filter((item) => item !== "")
          .map((item) => /^([^=]*)(=?)(.*)$/.exec(item))
          .map((found) => ({ name: found?.[1], value: found?.[3], hasEquals: found?.[2] === "=" }));
        expect(splitParameters(text)).toEqual(expected);
        expect(countItems(text)).toBe(expected.length);
      }),
    );
  });
});
