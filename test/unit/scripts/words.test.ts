import { describe, expect, test } from "@jest/globals";
import { TERMS } from "../../../scripts/words/terms.ts";
import { violationsIn } from "../../../scripts/words/violations.ts";

const COLOUR = { word: /\bcolours?\b/gi, use: "color", allowed: /\bcolours of the flag\b/gi };
const OFF_OF = { word: /\boff of\b/gi, use: "off" };
const found = (path: string, content: string) =>
  violationsIn(path, content, [COLOUR, OFF_OF]).map(({ line, word, use }) => `${line} ${word}: ${use}`);

describe("a word of the list", () => {
  const cases: Record<string, [string, string, readonly string[]]> = {
    "is found in a line comment": ["a.ts", "const a = 1; // Colour", ["1 Colour: color"]],
    "is found in a docstring": ["a.ts", "/**\n * Its colours.\n */", ["2 colours: color"]],
    "is found in a string": ["a.mjs", "log('no colour')", ["1 colour: color"]],
    "is found in the texts of a template": [
      "a.ts",
      `f(\`colour \${colour}\n colour\`)`,
      ["1 colour: color", "2 colour: color"],
    ],
    "is not found in code": ["a.ts", "const colour: Colour = /colour's/;", []],
    "is not found in a part of another word": ["a.ts", "// isColour colourful", []],
    "is found after a pattern that holds a quote": [
      "a.ts",
      "f(/\"/); // colour\nf('');",
      ["1 colour: color"],
    ],
    "is found anywhere in Markdown": ["a.md", "# Title\nA colour.\n", ["2 colour: color"]],
    "is found in comments and values of YAML": [
      "a.yaml",
      "# colour\nkey: colour\n",
      ["1 colour: color", "2 colour: color"],
    ],
    "is found across the lines of a docstring": [
      "a.ts",
      "/**\n * It is off\n * of it.\n */",
      ["2 off of: off"],
    ],
    "is found across the lines of line comments": ["a.ts", "// off\n// of", ["1 off of: off"]],
    "is allowed in the contexts that its term names": [
      "a.md",
      "The colours of the flag, the colours of\nthe flag, the colours.",
      ["2 colours: color"],
    ],
  };
  test.each(Object.entries(cases))("%s", (_, [path, content, expected]) => {
    expect(found(path, content)).toEqual(expected);
  });
});

/** Sentences are written with `_` inside the words of the list, so that this file passes its own check. */
const sentence = (text: string) => text.replaceAll("_", "");

describe("the list", () => {
  test.each([
    "It begins an_ew.",
    "Un_less to_ld.",
    "A stran_ger.",
    "There is no_ne.",
    "It go_es on.",
    "One_ a core.",
  ])("refuses: %s", (text) => {
    expect(violationsIn("a.md", sentence(text))).not.toEqual([]);
  });

  test.each([
    "Envoy answers with 403.",
    "It tells the two apart.",
    "None of the keys is active.",
    "A path holds none of ? # ;",
    "It stands for 1.",
  ])("allows: %s", (text) => {
    expect(violationsIn("a.md", text)).toEqual([]);
  });

  test("has patterns that find every occurrence, in any case", () => {
    for (const { word, allowed } of TERMS) expect([word.flags, allowed?.flags ?? "gi"]).toEqual(["gi", "gi"]);
  });
});
