import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { PARAMETER_SETTINGS } from "../../../../src/api/vocabulary.ts";
import { bare, joined } from "../../../../src/signing/parameters/joined.ts";
import { byName } from "../../../../src/signing/parameters/orders.ts";
import { ParameterText } from "../../../../src/signing/parameters/parameterText.ts";

const TOKENS = ["a", "b", "4", "1", "&", "&&", "=", "%41", "+", "%zz", "%25", "%26", "%3d", "%2B"];
const TEXT = fc.array(fc.constantFrom(...TOKENS), { maxLength: 10 }).map((parts) => parts.join(""));
const READING = fc.constantFrom("sent" as const, "decoded" as const);

describe("two texts sorted together", () => {
  test("are what their readings are, sorted and joined; undefined where one of them has none", () => {
    fc.assert(
      fc.property(
        ...([TEXT, TEXT, READING, READING, fc.constantFrom(...PARAMETER_SETTINGS)] as const),
        (query, form, queryAs, formAs, setting) => {
          const [first, second] = [new ParameterText(query, setting), new ParameterText(form, setting)];
          const [own, others] = [first[queryAs], second[formAs]];
          const parameters = own && others && [...own, ...others];
          const text = parameters && joined(byName(parameters), bare);
          const expected = parameters?.length === 0 ? "" : text === undefined ? undefined : `?${text}`;
          expect(first.sortedWith(second, queryAs, formAs)).toBe(expected);
        },
      ),
      { numRuns: 3_000 },
    );
  });

  test.each([
    ["Auto", "a=%2541", undefined],
    ["Either", "a=%2541", "?a=%41"],
    ["Decoded", "a=%2B", "?a=+"],
    ["Auto", "a=%2B", undefined],
    ["Decoded", "a=%26", undefined],
    ["AsSent", "a=%41", undefined],
    ["AsSent", "b&a", "?a&b"],
    ["Auto", "b=+&a=%41", "?a=A&b= "],
  ] as const)("decoded under %s, %s is %s", (setting, text, expected) => {
    const part = new ParameterText(text, setting);
    expect(part.sortedWith(new ParameterText("", setting), "decoded", "decoded")).toBe(expected);
  });
});
