import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { Items } from "../../../../src/signing/parameters/items.ts";
import { parametersOf } from "../../../../src/signing/parameters/parameters.ts";
import { documentedText, sortedText } from "../../../../src/signing/parameters/sortedText.ts";
import { sortItems } from "../../../../src/signing/parameters/sortItems.ts";
import { decodeParameters, inOrder, joined, splitParameters } from "../../../support/plainParameters.ts";

/** Texts that often begin alike, and differ in a byte that is 0 or missing. */
const PIECE = fc.constantFrom("a", "a-", "b", "field", "items[0][", "%00", "%7f", "%C3%A9", "%ff", "0", "~");
const WORD = fc.array(PIECE, { maxLength: 6 }).map((pieces) => pieces.join(""));
const ITEM = fc
  .tuple(WORD, fc.constantFrom("", "=", "=1", "=2", `=${"long".repeat(10)}1`, `=${"long".repeat(10)}2`))
  .map((parts) => parts.join(""));
const TEXT = fc.array(ITEM, { maxLength: 150, size: "max" }).map((items) => items.join("&"));

function decoded(text: string): Items {
  const items = new Items(text.length);
  expect(items.addDecoded(text)).toBe(true);
  return items;
}

const ORDERS = ["name", "name-alone", "pair"] as const;

function expectSorted(text: string): void {
  const items = decoded(text);
  const parameters = parametersOf(items);
  for (const by of ORDERS) {
    const expected = inOrder(parameters, by);
    const order = sortItems(items, by).slice(0, items.count);
    expect([...order].map((item) => parameters[item])).toEqual(expected);
    for (const emptyValue of ["bare", "kept"] as const)
      expect(sortedText(items, by, emptyValue)).toBe(joined(expected, emptyValue));
  }
}

describe("items sorted by their bytes", () => {
  test("are in the order of a comparison of each two, those that are equal in the order sent", () => {
    fc.assert(fc.property(TEXT, expectSorted), { numRuns: 300 });
  });

  test.each([
    ["of one name", () => "same"],
    ["in order already", (at: number) => String(10_000 + at)],
    ["in the opposite order", (at: number) => String(90_000 - at)],
    ["that count up behind what all begin with", (at: number) => `address[${(at * 7_919) % 10_007}]`],
    ["of which each begins with the one before", (at: number) => "a".repeat((at * 31) % 1_000)],
    ["of two long beginnings", (at: number) => `${"xy"[at % 2]?.repeat(50)}${(at * 7) % 1_000}`],
    ["of which some end where others have zeros", (at: number) => `a${"%00".repeat((at * 7) % 12)}`],
    ["of bytes above ASCII", (at: number) => `%${(128 + ((at * 37) % 128)).toString(16)}%ff`],
    [
      "of so many different bytes that no two of them make one digit",
      (at: number) =>
        [2_654_435, 7_919, 104_729, 1_299_709]
          .map((factor) => `%${(128 + (((at * factor) >>> 3) % 128)).toString(16)}`)
          .join(""),
    ],
    [
      "that differ late and often",
      (at: number) =>
        ((at * 7_919) % 4_096)
          .toString(2)
          .padStart(12, "0")
          .replace(/./g, (bit) => bit.repeat(5)),
    ],
  ])("%s", (_, nameOf) => {
    const items = Array.from({ length: 1_500 }, (_, at) => `${nameOf(at)}=${(at * 3) % 17}`);
    expectSorted(items.join("&"));
    expectSorted(items.slice(0, 40).join("&"));
  });

  test("an item of nothing but an equals sign is one of the list, as nothing", () => {
    expect(documentedText("", "=", "name")).toBe("?");
    expect(documentedText("b&=", "a", "name")).toBe("?&a&b");
    expect(documentedText("&&", "&", "name")).toBe("");
  });

  test("are written whole where they are longer than usual", () => {
    expectSorted(Array.from({ length: 30 }, (_, at) => `${(at * 7) % 30}=${"v".repeat(5_000)}`).join("&"));
  });
});

describe("the documented text of query and form", () => {
  test("is decoded as a whole, or as sent where an escape is malformed", () => {
    fc.assert(
      fc.property(
        TEXT,
        TEXT,
        fc.constantFrom("", "%zz"),
        fc.constantFrom(...ORDERS),
        (query, form, last, by) => {
          const sent = [...splitParameters(query), ...splitParameters(form + last)];
          const text =
            sent.length === 0 ? "" : `?${joined(inOrder(decodeParameters(sent) ?? sent, by), "bare")}`;
          expect(documentedText(query, form + last, by)).toBe(text);
        },
      ),
    );
  });
});
