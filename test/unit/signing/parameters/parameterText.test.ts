import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { PARAMETER_SETTINGS } from "../../../../src/api/vocabulary.ts";
import { ParameterText } from "../../../../src/signing/parameters/parameterText.ts";
import { inOrder, joined, splitParameters } from "../../../support/plainParameters.ts";

/** Of each kind that some order or guard tells apart: integers, what is no UTF-8 alone, what UTF-16 sorts otherwise. */
const TOKENS = {
  plain: ["a", "b", "A-", "&", "&&", "=", "=v", "+", "%41"],
  unsafe: ["4", "1", "%zz", "%25", "%26", "%3d", "%2B"],
  numbers: ["10", "9", "-1", "-", "&-2=", "&10=", "&9=", "&09=", "&x="],
  bytes: ["&%C3", "%A9", "&%A9", "%ff", "\xc3\xa9", "\x80"],
  beyond: ["&%EF%BD%9E", "&%F0%9F%98%80", "&%EE%80%80", "&%ED%9F%BF", "&\xef\xbd\x9e"],
} as const;

const TEXT = fc
  .subarray(Object.values(TOKENS), { minLength: 1 })
  .chain((kinds) => fc.array(fc.constantFrom(...kinds.flat()), { maxLength: 14 }))
  .map((parts) => parts.join(""));
const READING = fc.constantFrom("sent" as const, "decoded" as const);
const ORDER = fc.constantFrom(
  "name" as const,
  "name-alone" as const,
  "pair" as const,
  "utf16" as const,
  "number" as const,
);
const STYLE = fc.constantFrom("bare" as const, "kept" as const);

describe("what is written of two texts", () => {
  test("is their readings in one list, ordered and joined; undefined where one of them has no such reading", () => {
    fc.assert(
      fc.property(
        ...([TEXT, TEXT, READING, READING, ORDER, STYLE, fc.constantFrom(...PARAMETER_SETTINGS)] as const),
        (query, form, queryAs, formAs, order, style, setting) => {
          const [first, second] = [new ParameterText(query, setting), new ParameterText(form, setting)];
          const how = { query: queryAs, form: formAs, order, emptyValue: style };
          const [own, others] = [first[queryAs], second[formAs]];
          const expected = own && others && joined(inOrder([...own, ...others], order), style);
          expect(first.writtenWith(second, how)).toBe(expected);
          expect(first.written(how)).toBe(own && joined(inOrder(own, order), style));
          const selected = own && others && inOrder([...others, ...own].slice(1), order);
          expect(first.writtenWith(second, how, (query, form) => [...form, ...query].slice(1))).toBe(
            selected && joined(selected, style),
          );
          expect(first.writtenWith(second, how, () => undefined)).toBeUndefined();
          expect(first.count).toBe(splitParameters(query).length);
          expect(first.isEmpty).toBe(first.count === 0);
        },
      ),
      { numRuns: 5_000 },
    );
  });

  test.each([
    ["as UTF-16 sorts them", "utf16", "%EF%BD%9E=1&%F0%9F%98%80=2", "\xf0\x9f\x98\x80=2&\xef\xbd\x9e=1"],
    ["as UTF-16 sorts what is no UTF-8", "utf16", "%C3&%80&z&%F0", "z&\x80&\xc3&\xf0"],
    ["as UTF-16 sorts parts of one character", "utf16", "%ED%9F%BF&%C3&%A9", "\xed\x9f\xbf&\xa9&\xc3"],
    ["as negative numbers", "number", "-1&-2", "-2&-1"],
    ["as numbers", "number", "10&9&-1", "-1&9&10"],
    ["as numbers, but not what has a leading zero", "number", "09&010&1a", "010&09&1a"],
    ["by name", "name", "a-b=2&a=1", "a=1&a-b=2"],
    ["by the whole item", "pair", "a=1&a-b=2", "a-b=2&a=1"],
  ] as const)("is ordered %s", (_, order, text, expected) => {
    expect(new ParameterText(text, "Auto").written({ query: "decoded", order, emptyValue: "kept" })).toBe(
      expected,
    );
  });

  test.each([
    ["Auto", "a=%2541", undefined],
    ["Either", "a=%2541", "a=%41"],
    ["Decoded", "a=%2B", "a=+"],
    ["Auto", "a=%2B", undefined],
    ["Decoded", "a=%26", undefined],
    ["AsSent", "a=%41", undefined],
    ["AsSent", "b&a", "a&b"],
    ["Auto", "b=+&a=%41", "a=A&b= "],
  ] as const)("decoded under %s, %s is %s", (setting, text, expected) => {
    expect(
      new ParameterText(text, setting).written({ query: "decoded", order: "name", emptyValue: "bare" }),
    ).toBe(expected);
  });
});
