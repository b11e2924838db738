import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { parseYamlFile } from "../../../../../src/store/files/yaml/yamlFile.ts";

const objects = (text: string) => {
  const parsed = parseYamlFile("a.yaml", text);
  return parsed.problems.length === 0 ? parsed.objects.map(({ value }) => value) : parsed.problems;
};

describe("a file of YAML is read as kubectl reads it", () => {
  const cases: Record<string, [string, unknown]> = {
    "yes and on are true, as in YAML 1.1": ["{a: yes, b: on, c: no}", [{ a: true, b: true, c: false }]],
    "a time stays text": ["at: 2027-01-01T00:00:00Z", [{ at: "2027-01-01T00:00:00Z" }]],
    "several documents are several objects": ["a: 1\n---\nb: 2\n", [{ a: 1 }, { b: 2 }]],
    "an empty document is ignored": ["---\n---\na: 1\n", [{ a: 1 }]],
    "a file of comments holds nothing": ["# nothing\n", []],
    "JSON is YAML": ['{"a": [1, "x"]}', [{ a: [1, "x"] }]],
    "a List holds its items": ["kind: List\nitems: [{a: 1}, {b: 2}]", [{ a: 1 }, { b: 2 }]],
    "anchors and merges are resolved": [
      "a: &x {b: 1}\nc: {<<: *x, d: 2}",
      [{ a: { b: 1 }, c: { b: 1, d: 2 } }],
    ],
    "a key called __proto__ is a key": ['{"__proto__": {"a": 1}}', [JSON.parse('{"__proto__": {"a": 1}}')]],
  };
  test.each(Object.entries(cases))("%s", (_, [text, expected]) => {
    expect(JSON.stringify(objects(text))).toEqual(JSON.stringify(expected));
  });
});

describe("what does not parse is a problem with its line", () => {
  const cases: Record<string, [string, number, RegExp]> = {
    "a bracket that is not closed": ["a: 1\nb: [1, 2\nc: 3\n", 3, /is not valid YAML/],
    "a key that comes twice": ["a: 1\nb: 2\na: 3\n", 3, /unique/],
    "text instead of an object": ["just text\n", 1, /no object/],
    "an item of a List that is no object": ["kind: List\nitems:\n- {a: 1}\n- just text\n", 4, /no object/],
    "aliases that would grow without end": [
      `a: &a [x,x,x,x,x,x,x,x,x]\n${[..."bcdefgh"].map((name, index) => `${name}: &${name} [${Array(9).fill(`*${"abcdefgh"[index]}`).join(",")}]`).join("\n")}\n`,
      1,
      /no object/,
    ],
  };
  test.each(Object.entries(cases))("%s", (_, [text, line, message]) => {
    expect(objects(text)).toEqual([
      {
        ...{ file: "a.yaml", line, field: "" },
        column: expect.any(Number),
        message: expect.stringMatching(message),
      },
    ]);
  });

  const several: Record<string, [string, readonly number[]]> = {
    "keys that come twice": ["a: 1\na: 2\nb: {x: 1, x: 2}\n", [2, 3]],
    "documents that are broken, each by its first error": [
      "a: 1\n b: 2\n  c: 3\n---\nb: [\n---\nc: 1\n",
      [1, 6],
    ],
    "a key that comes twice beside a syntax error": ["a: 1\na: 2\nb: 'x\n", [2, 4]],
    "items of a List": ["kind: List\nitems:\n- 1\n- {a: 1}\n- 2\n", [3, 5]],
  };
  test.each(Object.entries(several))("all problems of a file are reported: %s", (_, [text, found]) => {
    expect(parseYamlFile("a.yaml", text).problems.map(({ line }) => line)).toEqual(found);
  });

  test("20 problems of a file are listed, and the others are counted", () => {
    const { problems } = parseYamlFile("a.yaml", "a: 1\n".repeat(31));
    expect(problems).toHaveLength(21);
    expect(problems.at(-1)?.message).toBe("and 10 more problems: fix these first");
  });

  test("any text at all is objects or problems, never an exception", () => {
    const piece = fc.constantFrom(
      "a",
      ": ",
      "\n",
      "- ",
      "[",
      "{",
      "&x ",
      "*x",
      "|",
      "!!",
      "---\n",
      "<<: ",
      "'",
      '"',
      "\t",
      "#",
      "?",
    );
    fc.assert(
      fc.property(fc.array(fc.oneof(piece, fc.string({ maxLength: 3 }))), (pieces) => {
        expect(Array.isArray(objects(pieces.join("")))).toBe(true);
      }),
      { numRuns: 2_000 },
    );
  });
});

test("a field's line is found, and that of its parent where the field is not there", () => {
  const parsed = parseYamlFile(
    "a.yaml",
    "kind: X\nspec:\n  apis:\n  - name: a\n    hosts:\n    - one\n    - two\n",
  );
  const [object] = parsed.objects;
  expect(object?.positionOf("spec.apis[0].hosts[1]").line).toBe(7);
  expect(object?.positionOf("spec.apis[0].paths[3].value").line).toBe(4);
  expect(object?.positionOf("status").line).toBe(1);
});

test("a field's place is found in the document of its object, whatever empty documents precede it", () => {
  const parsed = parseYamlFile("a.yaml", "---\n# nothing\n---\nkind: X\n---\n---\nkind: Y\nspec:\n  a: 1\n");
  expect(parsed.objects.map(({ line }) => line)).toEqual([4, 7]);
  expect(parsed.objects[1]?.positionOf("spec.a")).toEqual({ line: 9, column: 6 });
});

test("values that were forgotten are read again from the text", () => {
  const parsed = parseYamlFile("a.yaml", "kind: One\nspec:\n  a: 1\n---\nkind: Two\n");
  const values = () => parsed.objects.map(({ value }) => value);
  const before = values();
  parsed.forget?.();
  expect(values()).toEqual(before);
  expect(values()[0]).not.toBe(before[0]);
  expect(parsed.objects[0]?.positionOf("spec.a")).toEqual({ line: 3, column: 6 });
});
