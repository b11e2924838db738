import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import {
  entries,
  field,
  isRecord,
  isSameJson,
  list,
  number,
  parseJson,
  text,
} from "../../../src/base/json.ts";

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

describe("isSameJson", () => {
  const canonical = (value: unknown): string =>
    JSON.stringify(value, (_, one) =>
      isRecord(one) ? Object.fromEntries(Object.entries(one).sort(([a], [b]) => (a < b ? -1 : 1))) : one,
    );
  const value = fc.jsonValue({ maxDepth: 3 });

  test("agrees with a comparison of texts with sorted fields", () => {
    fc.assert(fc.property(value, value, (a, b) => isSameJson(a, b) === (canonical(a) === canonical(b))));
  });

  test("is true for a copy with another order of fields, and false once a value in it differs", () => {
    const reordered = (one: unknown): unknown => {
      if (Array.isArray(one)) return one.map(reordered);
      if (!isRecord(one)) return one;
      return Object.fromEntries(
        Object.entries(one)
          .reverse()
          .map(([name, item]) => [name, reordered(item)]),
      );
    };
    fc.assert(
      fc.property(value, (one) => {
        expect(isSameJson(one, reordered(JSON.parse(JSON.stringify(one))))).toBe(true);
        expect(isSameJson([one, 1], [one, 2])).toBe(false);
      }),
    );
  });

  test("takes a field that is undefined for a missing one", () => {
    expect(isSameJson({ a: 1, b: undefined }, { a: 1 })).toBe(true);
    expect(isSameJson({ a: 1, b: undefined }, { a: 1, c: undefined, b: 2 })).toBe(false);
    expect(isSameJson({ a: undefined }, { b: 1 })).toBe(false);
  });
});
