import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { entries, field, isRecord, list, number, parseJson, text } from "../../../src/base/json.ts";

test("only a JSON object is a record", () => {
  const values = [{}, { a: 1 }, Object.create(null), [], null, undefined, "", 1, true];
  expect(values.map(isRecord)).toEqual([true, true, true, false, false, false, false, false, false]);
});

describe("parseJson", () => {
  const cases: Record<string, [string, unknown]> = {
    "an object": ['{"a":[1]}', { a: [1] }],
    "null, which is a JSON value": ["null", null],
    "undefined for text that was cut off": ['{"a":', undefined],
    "undefined for an empty text": ["", undefined],
  };
  test.each(Object.entries(cases))("returns %s", (_, [json, value]) => {
    expect(parseJson(json)).toEqual(value);
  });

  test("returns undefined for no JSON text", () => {
    fc.assert(fc.property(fc.json(), (json) => parseJson(json) !== undefined));
  });
});

describe("field", () => {
  const value = { a: { b: [1] }, none: null };
  const cases: Record<string, [readonly string[], unknown]> = {
    "a nested value": [["a", "b"], [1]],
    "the value itself without a path": [[], value],
    "undefined for a missing key": [["a", "c"], undefined],
    "undefined below null": [["none", "b"], undefined],
    "undefined below an array": [["a", "b", "length"], undefined],
    "undefined for a key of the prototype": [["constructor"], undefined],
  };
  test.each(Object.entries(cases))("returns %s", (_, [path, found]) => {
    expect(field(value, ...path)).toEqual(found);
  });
});

test("list, text and entries return an empty value for any other type", () => {
  expect([list([1]), list({ length: 1 }), list("a")]).toEqual([[1], [], []]);
  expect([text("a"), text(1), text(undefined)]).toEqual(["a", "", ""]);
  expect([entries({ a: 1 }), entries([1]), entries(null)]).toEqual([[["a", 1]], [], []]);
});

test("number reads a number or its text, and nothing else", () => {
  const values = [
    1.5,
    "42",
    "9007199254740991",
    "",
    " ",
    "x",
    Number.NaN,
    Number.POSITIVE_INFINITY,
    null,
    true,
  ];
  const numbers = [1.5, 42, 9_007_199_254_740_991];
  expect(values.map(number)).toEqual([...numbers, ...values.slice(3).map(() => undefined)]);
});
