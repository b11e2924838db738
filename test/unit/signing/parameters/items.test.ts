import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { Items } from "../../../../src/signing/parameters/items.ts";
import {
  itemsOf,
  type Parameter,
  parametersOf,
  sentItems,
} from "../../../../src/signing/parameters/parameters.ts";
import { decodeParameters, splitParameters } from "../../../support/plainParameters.ts";

const TOKENS = [
  "a",
  "4",
  "1",
  "&",
  "&&",
  "=",
  "==",
  "%41",
  "+",
  "%zz",
  "%",
  "%25",
  "%26",
  "%3d",
  "%2B",
  "\xc3",
];
const TEXT = fc.array(fc.constantFrom(...TOKENS), { maxLength: 12 }).map((parts) => parts.join(""));

function decoded(text: string): Items | undefined {
  const items = new Items(text.length);
  return items.addDecoded(text) ? items : undefined;
}

/** What the flags of a list stand for, parameter by parameter. */
function hidesDelimiter({ name, value }: Parameter): boolean {
  return /[=&]/.test(name) || value.includes("&");
}

function readsAsEncoded({ name, value }: Parameter): boolean {
  return [name, value].some((text) => /\+|%[0-9A-Fa-f]{2}/.test(text));
}

describe("the items of a text as bytes", () => {
  test("are the same, decoded in one pass or in two", () => {
    fc.assert(
      fc.property(TEXT, (text) => {
        const items = decoded(text);
        expect(items && parametersOf(items)).toEqual(decodeParameters(splitParameters(text)));
      }),
      { numRuns: 1_000 },
    );
  });

  test("as they were sent are those of the text", () => {
    fc.assert(
      fc.property(TEXT, (text) => {
        const items = sentItems(text);
        expect(parametersOf(items)).toEqual(splitParameters(text));
        expect([items.hasEscapes, items.hidesDelimiter, items.readsAsEncoded]).toEqual([false, false, false]);
      }),
    );
  });

  test("of parameters are the parameters", () => {
    fc.assert(
      fc.property(TEXT, (text) => {
        const parameters = splitParameters(text);
        expect(parametersOf(itemsOf(parameters))).toEqual(parameters);
      }),
    );
  });

  test("of a value that came without its equals sign have it", () => {
    expect(parametersOf(itemsOf([{ name: "a", value: ",", hasEquals: false }]))).toEqual([
      { name: "a", value: ",", hasEquals: true },
    ]);
  });

  test("of two texts are those of the first, then those of the second, each in its own reading", () => {
    fc.assert(
      fc.property(TEXT, TEXT, (query, form) => {
        const items = new Items(query.length + form.length);
        const isWellFormed = items.addDecoded(query);
        fc.pre(isWellFormed);
        items.addSent(form);
        const expected = [...(decodeParameters(splitParameters(query)) ?? []), ...splitParameters(form)];
        expect(parametersOf(items)).toEqual(expected);
      }),
    );
  });

  test("record whether decoding brought a delimiter, or what reads as encoded", () => {
    fc.assert(
      fc.property(TEXT, TEXT, (query, form) => {
        const items = new Items(query.length + form.length);
        fc.pre(items.addDecoded(query) && items.addDecoded(form));
        const parameters = parametersOf(items);
        expect(items.hasEscapes).toBe(/[%+]/.test(query + form));
        expect(items.hidesDelimiter).toBe(parameters.some(hidesDelimiter));
        expect(items.readsAsEncoded).toBe(parameters.some(readsAsEncoded));
      }),
      { numRuns: 2_000 },
    );
  });

  test.each<[string, string, Partial<Items>]>([
    ["an escaped & in a name", "a%26b=1", { hidesDelimiter: true }],
    ["an escaped & in a value", "a=1%26b", { hidesDelimiter: true }],
    ["an escaped = in a name", "a%3Db=1", { hidesDelimiter: true }],
    ["an escaped = in an item without =", "a%3db", { hidesDelimiter: true }],
    ["an escaped = in a value", "a=b%3Dc", { hidesDelimiter: false, readsAsEncoded: false }],
    ["an escaped + in a name", "a%2b=1", { readsAsEncoded: true }],
    ["an escaped + in a value", "a=1%2B", { readsAsEncoded: true }],
    ["an escaped % before two digits", "a=%2541", { readsAsEncoded: true }],
    ["an escaped % before two escaped digits", "%25%34%31=1", { readsAsEncoded: true }],
    ["an escaped % before one digit", "a=%254", { readsAsEncoded: false }],
    ["an escaped % whose digits are in the next item", "a=%254&1", { readsAsEncoded: false }],
    ["an escaped % whose digits are in the value", "a%254=1", { readsAsEncoded: false }],
    ["a blank", "a=+", { hasEscapes: true, hidesDelimiter: false, readsAsEncoded: false }],
  ])("%s", (_, text, flags) => {
    expect(decoded(text)).toMatchObject(flags);
  });

  test.each(["%", "a=%", "a=%4", "a=%4&1", "%4=1", "%zz", "a=%4g", "a&%"])(
    "%p has a malformed escape, whatever the text before it left behind",
    (text) => {
      decoded(`${"4".repeat(20)}=41`);
      expect(decoded(text)).toBeUndefined();
    },
  );

  test("may be more than usual, of a longer text than usual", () => {
    const text = Array.from({ length: 5_000 }, (_, at) => `name%20${at}=${"v".repeat(at % 50)}`).join("&");
    const items = decoded(text);
    expect(text.length).toBeGreaterThan(65_536);
    expect(items && parametersOf(items)).toEqual(decodeParameters(splitParameters(text)));
  });

  test("fill the usual memory to its last byte", () => {
    for (const length of [65_535, 65_536, 65_537]) {
      const items = decoded("a".repeat(length));
      expect(items && parametersOf(items)).toEqual([
        { name: "a".repeat(length), value: "", hasEquals: false },
      ]);
    }
  });
});
