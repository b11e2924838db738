import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { JsonElements } from "../../../../../../src/cli/shared/capture/formats/jsonElements.ts";
import type { Action } from "../../../../../../src/cli/shared/capture/formats/jsonSelection.ts";

const ENTRIES: Readonly<Record<string, Action>> = {
  "": "enter",
  log: "enter",
  "log.entries": "enter",
  "log.entries.*": "take",
};
const byPath = (path: readonly string[]): Action => ENTRIES[path.join(".")] ?? "drop";

function elementsIn(text: string, chunkBytes: number, choose = byPath, maxBytes = 1_000) {
  const elements = new JsonElements({ choose, without: new Set(["response"]), maxBytes });
  const bytes = Buffer.from(text);
  const found = [];
  for (let at = 0; at < bytes.length; at += chunkBytes)
    found.push(...elements.take(bytes.subarray(at, at + chunkBytes)));
  return { found, open: elements.open() };
}
const valuesIn = (...args: Parameters<typeof elementsIn>) =>
  elementsIn(...args).found.map(({ bytes }) => (bytes ? JSON.parse(bytes.toString()) : "too long"));

const har = (entries: readonly unknown[]) => ({
  log: { "a]": { entries: [1] }, entries, pages: ['{"', { log: { entries: [2] } }] },
  other: { entries: [3] },
});

describe("the selected values of a JSON text are found:", () => {
  const cases: Record<string, [string, readonly unknown[]]> = {
    "objects in an array": [JSON.stringify(har([{ a: 1 }, { b: [2] }])), [{ a: 1 }, { b: [2] }]],
    "objects, arrays, text, numbers and words": [
      JSON.stringify(har([{}, [], "x", -1.5e3, true, null])),
      [{}, [], "x", -1500, true, null],
    ],
    "without the members to leave out, whatever they are": [
      JSON.stringify(har([{ a: 1, response: { "}": ["\\"] }, b: 2 }, { response: "]" }, { response: 3 }])),
      [{ a: 1, response: null, b: 2 }, { response: null }, { response: null }],
    ],
    "a member of that name deeper inside is kept": [
      JSON.stringify(har([{ a: { response: 1 } }])),
      [{ a: { response: 1 } }],
    ],
    "brackets and quotation marks in text are text": [
      JSON.stringify(har([{ a: '"}]{[\\' }, { 'k"\\': 1 }])),
      [{ a: '"}]{[\\' }, { 'k"\\': 1 }],
    ],
    "keys that are written with escapes": [
      '{"l\\u006fg": {"entries": [{"resp\\u006fnse": 1}]}}',
      [{ response: null }],
    ],
    "over several lines": [JSON.stringify(har([{ a: 1 }]), null, 2), [{ a: 1 }]],
    "nothing in a text without them": ['{"log": {}}', []],
  };
  test.each(Object.entries(cases))("%s", (_, [text, expected]) => {
    for (const chunkBytes of [1, 2, 3, 7, 1_000]) expect(valuesIn(text, chunkBytes)).toEqual(expected);
  });

  test("several texts behind each other, with their lines", () => {
    const { found } = elementsIn('{"a":1}{"b":2}\n\n[3]\n"x" 4 nonsense\n', 1_000, () => "take");
    expect(found.map(({ bytes, line }) => [bytes?.toString(), line])).toEqual([
      ['{"a":1}', 1],
      ['{"b":2}', 1],
      ["[3]", 3],
      ['"x"', 4],
      ["4", 4],
      ["nonsense", 4],
    ]);
  });

  test("a value that is too long is skipped, and the next one is found", () => {
    const text = JSON.stringify(har([{ a: "x".repeat(100) }, { b: 1, response: "x".repeat(100) }]));
    for (const chunkBytes of [1, 10, 1_000])
      expect(valuesIn(text, chunkBytes, byPath, 50)).toEqual(["too long", { b: 1, response: null }]);
  });
});

describe("the end of the input in the middle of a text", () => {
  const cases: Record<string, [string, object | undefined]> = {
    "is not reported after a whole text": ['{"log": {"entries": []}}\n', undefined],
    "is named by the innermost value and its line": [
      '{"log": {\n"entries": [\n{"a":',
      { path: ["log", "entries", "*"], line: 3 },
    ],
    "may be between two elements": ['{"log": {"entries": [{},', { path: ["log", "entries"], line: 1 }],
    "may be in a text": ['{"log": "x', { path: [], line: 1 }],
  };
  test.each(Object.entries(cases))("%s", (_, [text, expected]) => {
    const { open } = elementsIn(text, 5);
    expect(open && { path: open.path, line: open.line }).toEqual(expected);
  });
});

test("what is found does not depend on chunks, and is what JSON.parse finds", () => {
  fc.assert(
    fc.property(
      fc.array(fc.jsonValue({ maxDepth: 4 }), { maxLength: 5 }),
      fc.nat(2),
      fc.integer({ min: 1, max: 40 }),
      (entries, indent, size) => {
        const text = JSON.stringify(har(entries), null, indent);
        const expected = entries.map((entry) =>
          typeof entry === "object" &&
          entry !== null &&
          !Array.isArray(entry) &&
          Object.hasOwn(entry, "response")
            ? { ...entry, response: null }
            : entry,
        );
        const normal = JSON.parse(JSON.stringify(expected));
        expect(valuesIn(text, size, byPath, 1e6)).toEqual(normal);
      },
    ),
    { numRuns: 300 },
  );
});

test("any bytes are read without an exception", () => {
  const piece = fc.constantFrom(
    '"',
    "\\",
    "{",
    "}",
    "[",
    "]",
    ",",
    ":",
    "log",
    '"log"',
    '"entries"',
    "1",
    " ",
    "\n",
  );
  fc.assert(
    fc.property(fc.array(piece), fc.integer({ min: 1, max: 9 }), (pieces, size) => {
      expect(Array.isArray(elementsIn(pieces.join(""), size).found)).toBe(true);
    }),
    { numRuns: 300 },
  );
});
