import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { parse } from "yaml";
import { yamlText } from "../../../../src/import/yaml/yamlText.ts";

describe("a text is read back as it was, by YAML 1.1 as kubectl reads it:", () => {
  const texts = [
    "yes",
    "no",
    "on",
    "null",
    "~",
    "1.10",
    "0x1f",
    "1e3",
    "2026-01-01",
    "a: b",
    "- a",
    "# a",
    "",
    " a ",
    "a\nb",
    "\u2028",
    "\u0085",
    "\u200b",
    "😀",
    "'",
    '"',
    "=/user",
    "^~/user",
    "/user/{id}",
    "<<",
    "\ufeffa",
  ];
  test.each(texts)("%j", (text) => {
    const document = { kind: text, list: [text], maps: [{ a: text }], [text || "x"]: "key" };
    for (const version of ["1.1", "1.2"] as const)
      expect(parse(yamlText(document), { version })).toEqual(document);
  });
});

test("any document is read back as it was", () => {
  const scalar = fc.oneof(fc.string({ unit: "grapheme" }), fc.boolean());
  const { document } = fc.letrec((tie) => ({
    value: fc.oneof({ depthSize: "small" }, scalar, fc.array(tie("value"), { maxLength: 3 }), tie("map")),
    map: fc.dictionary(
      fc.string({ minLength: 1, unit: "grapheme" }).filter((key) => key !== "__proto__"),
      tie("value"),
      { maxKeys: 4 },
    ),
    document: tie("map"),
  }));
  fc.assert(
    fc.property(document, (value) => {
      const map = JSON.parse(JSON.stringify(value)) as Parameters<typeof yamlText>[0];
      fc.pre(Object.keys(map).length > 0);
      expect(parse(yamlText(map), { version: "1.1" })).toEqual(map);
    }),
    { numRuns: 300 },
  );
});
