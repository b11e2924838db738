import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "@jest/globals";
import { blocksIn, withBlocksOf } from "../../../scripts/translations/blocks.ts";
import { translations } from "../../../scripts/translations/pages.ts";
import { translationProblems } from "../../support/docs/translations.ts";

const ROOT = fileURLToPath(new URL("../../../", import.meta.url));
const PAIRS = translations(ROOT);
const pageAt = (name: string) => ({ name, text: readFileSync(`${ROOT}${name}`, "utf8") });

test("the pages that callers and migrating teams read exist in Chinese, and the contents list each of them", () => {
  const names = PAIRS.map(({ translation }) => translation);
  const pages = ["clients", "migration", "signing", "troubleshooting"].map((name) => `docs/zh/${name}.md`);
  expect(names).toEqual(expect.arrayContaining(["README.zh-CN.md", ...pages]));
  const contents = pageAt("docs/zh/README.md").text;
  const linked = readdirSync(`${ROOT}docs/zh`).filter((name) => contents.includes(`](${name})`));
  expect(linked).toEqual(readdirSync(`${ROOT}docs/zh`).filter((name) => name !== "README.md"));
});

test.each(PAIRS)(
  "$translation has the code, headings and tables of $original",
  ({ original, translation }) => {
    expect(translationProblems(pageAt(original), pageAt(translation), PAIRS)).toEqual([]);
  },
);

const ENGLISH = [
  "# Title",
  "",
  "English | [简体中文](zh/page.md)",
  "",
  "Run it with `--flag`:",
  "",
  "    $ run --flag",
  "    done",
  "",
  "```sh",
  "# not a heading",
  "ls",
  "```",
  "## Table",
  "| a | b |",
  "|---|---|",
  "| 1 | [x](other.md) |",
  "| 2 | y |",
  "",
].join("\n");
const CHINESE = ENGLISH.replace("# Title", "# 标题")
  .replace("English | [简体中文](zh/page.md)", "[English](../page.md) | 简体中文")
  .replace("Run it with", "运行：")
  .replace("## Table", "## 表");
const KNOWN = [
  { original: "docs/page.md", translation: "docs/zh/page.md" },
  { original: "docs/other.md", translation: "docs/zh/other.md" },
];

describe("a translation is reported", () => {
  const cases: Record<string, [from: string, to: string, problem: RegExp | undefined]> = {
    "not when only its sentences differ": ["", "", undefined],
    "when output differs, with the command that copies it": [
      "    done",
      "    done!",
      /zh\/page\.md:7 is not the code block of docs\/page\.md:7: run npm run generate/,
    ],
    "when a fenced block differs by a blank": ["\nls\n", "\nls \n", /zh\/page\.md:10 .* docs\/page\.md:10/],
    "when a fence has another kind": ["```sh", "```bash", /zh\/page\.md:10 /],
    "when a block is missing, with the line of the English one": [
      "    $ run --flag\n    done\n",
      "",
      /has 1 code blocks, docs\/page\.md has 2: .* docs\/page\.md:7 on/,
    ],
    "when it has a block more": ["## 表", "```\nx\n```\n## 表", /has 3 code blocks.* remove what follows/],
    "when a row of a table is missing": ["| 2 | y |\n", "", /table rows from docs\/page\.md:14/],
    "when a heading has another level": ["## 表", "### 表", /headings .* from docs\/page\.md:14/],
    "when it has a heading more": ["## 表", "## 另\n## 表", /headings /],
    "when its sentences name code that the English page does not": ["`--flag`", "`--old`", /has `--old`/],
    "when it links to an English page that exists in Chinese": [
      "other.md",
      "../other.md",
      /zh\/page\.md:17 links to \.\.\/other\.md: link to other\.md/,
    ],
    "when a link of the English page is missing": [
      "[x](other.md)",
      "x",
      /has no link to docs\/zh\/other\.md: .* docs\/page\.md:17/,
    ],
    "when it has no link to the English page": ["[English]", "[english]", /lacks the link \[English\]/],
  };
  test.each(Object.entries(cases))("%s", (_, [from, to, problem]) => {
    const translation = { name: "docs/zh/page.md", text: CHINESE.replace(from, to) };
    const problems = translationProblems({ name: "docs/page.md", text: ENGLISH }, translation, KNOWN);
    expect(problems).toEqual(problem ? [expect.stringMatching(problem)] : []);
  });
});

test("an English page without a link to its translation is reported", () => {
  const original = { name: "docs/page.md", text: ENGLISH.replace("[简体中文]", "[中文]") };
  expect(translationProblems(original, { name: "docs/zh/page.md", text: CHINESE }, KNOWN)).toEqual([
    "docs/page.md lacks the link [简体中文](zh/page.md) below its title",
  ]);
});

describe("code blocks are copied into a translation", () => {
  test("in order, with their fences and output, and with another number of lines", () => {
    const stale = CHINESE.replace("    done\n", "    old\n    older\n").replace("\nls\n", "\n");
    expect(withBlocksOf(ENGLISH, stale)).toBe(CHINESE);
  });

  test("not when the number of blocks differs", () => {
    const short = CHINESE.replace("    $ run --flag\n    done\n", "");
    expect(withBlocksOf(ENGLISH, short)).toBe(short);
  });
});

test("a fence that is never closed is one block", () => {
  expect(blocksIn("a\n```sh\nls\n\n# x")).toEqual([{ line: 2, lines: ["```sh", "ls", "", "# x"] }]);
});
