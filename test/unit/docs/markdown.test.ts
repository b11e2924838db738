import { expect, test } from "@jest/globals";
import { snippetsIn } from "../../support/docs/markdown.ts";

const PAGE = [
  "# Title",
  "",
  "    $ countersign sign --curl \\",
  "        https://api.example.com/",
  "    curl -i …",
  "    $ second",
  "",
  "1. A step:",
  "   ```yaml values",
  "   a:",
  "     b: 1",
  "   ```",
  "```sh",
  "ls",
  "```",
  "",
].join("\n");

test("fenced blocks without their indentation, and commands behind a prompt, are found in order; output is not", () => {
  expect(snippetsIn(PAGE)).toEqual([
    { kind: "sh", text: "countersign sign --curl \\\n        https://api.example.com/\n", line: 3 },
    { kind: "sh", text: "second\n", line: 6 },
    { kind: "yaml values", text: "a:\n  b: 1\n", line: 10 },
    { kind: "sh", text: "ls\n", line: 14 },
  ]);
});

test("a block that never ends is reported with its line", () => {
  expect(() => snippetsIn("x\n```sh\nls\n")).toThrow("the block of line 2 never ends");
});
