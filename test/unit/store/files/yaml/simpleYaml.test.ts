import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { parseAllDocuments, stringify } from "yaml";
import { readSimpleYaml } from "../../../../../src/store/files/yaml/simpleYaml.ts";

const ROOT = new URL("../../../../../", import.meta.url).pathname;

/** What the YAML library reads, with the options of fullYaml.ts. */
function byLibrary(text: string): readonly unknown[] {
  const documents = parseAllDocuments(text, {
    version: "1.1",
    customTags: (tags) => tags.filter((tag) => typeof tag === "string" || !tag.tag.endsWith(":timestamp")),
  });
  expect([...documents].flatMap(({ errors }) => errors)).toEqual([]);
  return [...documents].map((document) => document.toJS()).filter((value) => value !== null);
}

const valuesOf = (text: string) => readSimpleYaml(text)?.map(({ value }) => value);

describe("simple YAML is read as the library reads it", () => {
  const cases: Record<string, string> = {
    "maps, lists and scalars":
      "kind: ApiGrant\nspec:\n  apis:\n  - name: a\n    methods: [GET, POST]\n  on1: 3\n",
    "lists that are further right than their key":
      "a:\n  - 1\n  -   b: x\n      c: z\n  - - p\n    - q\nd:\n",
    "several documents with comments": "# one\na: b # c\n---\n\n---\nc: 'd e' # f\n",
    "maps in brackets": 'paths: [{type: Exact, value: "/a/{id}"}, {type: PathPrefix, value: /b}, {}]\n',
    "braces in a plain path": "value: /users/{id}\nother: =/users\nthird: ^~/users\n",
    "text that looks like other things":
      "a: 900s\nb: 2027-01-01T00:00:00Z\nc: \"1.10\"\nd: 'yes'\ne: true\nf: 0\n",
    "UIDs that begin with a digit":
      "a: 4590cc56-673f-48f6-a654-37a1355d8908\nb: 12345678-1234-1234-1234-123456789012\nc: 1e345678-1234-1234-1234-123456789012\n",
    "names beyond ASCII": "displayName: 合作伙伴 A\n",
  };
  test.each(Object.entries(cases))("%s", (_, text) => {
    expect(valuesOf(text)).toEqual(byLibrary(text));
  });
});

describe("what is not simple is left to the library", () => {
  const cases: Record<string, string> = {
    "an anchor": "a: &x 1\n",
    "an alias": "a: *x\n",
    "a tag": "a: !!str 1\n",
    "block text": "a: |\n  b\n",
    "a plain text over two lines": "a: b\n  c\n",
    "a word that YAML 1.1 takes for true": "a: yes\n",
    "a key that YAML 1.1 takes for true": "on: a\n",
    "a repeated key": "a: 1\na: 2\n",
    "an octal number": "a: 010\n",
    "a fraction": "a: 1.10\n",
    "an escape in double quotes": 'a: "\\n"\n',
    "a doubled single quote": "a: 'it''s'\n",
    "a tab": "a:\tb\n",
    "a text with a colon": "a: b: c\n",
    "a quote that does not end": 'a: "b\n',
    "a bracket that does not end": "a: [b\n",
    "an entry that is further left": "a:\n    b: c\n  d: e\n",
    "a directive": "%YAML 1.1\n---\na: b\n",
    JSON: '{"a": 1}\n',
  };
  test.each(Object.entries(cases))("%s", (_, text) => {
    expect(readSimpleYaml(text)).toBeUndefined();
  });
});

test("every YAML file of the examples and manifests that is simple is read as the library reads it", () => {
  const files = ["examples", "manifests", "crds"].flatMap((folder) =>
    readdirSync(join(ROOT, folder), { recursive: true, encoding: "utf8" })
      .filter((name) => name.endsWith(".yaml"))
      .map((name) => join(ROOT, folder, name)),
  );
  const read = files.map((file) => readFileSync(file, "utf8")).filter((text) => readSimpleYaml(text));
  expect(read.length).toBeGreaterThan(10);
  for (const text of read) expect(valuesOf(text)).toEqual(byLibrary(text));
});

test("any value that the library writes is read as the library reads it, or left to it", () => {
  const scalar = fc.oneof(
    fc.constantFrom(
      "yes",
      "y",
      "null",
      "~",
      "1e3",
      "0x1f",
      "1:30",
      "a b",
      " a",
      "a ",
      "#a",
      "a #b",
      "-",
      "- a",
    ),
    fc.string({ maxLength: 6 }),
    fc.string({ unit: "grapheme", maxLength: 4 }),
    fc.integer(),
    fc.boolean(),
    fc.constant(null),
  );
  const key = fc.oneof(fc.constantFrom("name", "on", "a/b", "x.y", "n"), fc.string({ maxLength: 4 }));
  const { value } = fc.letrec((tie) => ({
    value: fc.oneof({ depthSize: "small" }, scalar, fc.array(tie("value"), { maxLength: 3 }), tie("map")),
    map: fc.dictionary(key, tie("value"), { maxKeys: 3 }),
  }));
  const style = fc.record({
    collectionStyle: fc.constantFrom("any" as const, "flow" as const),
    indentSeq: fc.boolean(),
    singleQuote: fc.boolean(),
    version: fc.constant("1.1" as const),
    lineWidth: fc.constant(0),
  });
  const map = fc.dictionary(key, value, { minKeys: 1, maxKeys: 4 });
  fc.assert(
    fc.property(map, style, (object, options) => {
      const text = stringify(object, options);
      const read = readSimpleYaml(text);
      if (read) expect(read.map((one) => one.value)).toEqual(byLibrary(text));
    }),
    { numRuns: 2_000 },
  );
});
