import { mkdir, readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "@jest/globals";
import { anchorsOf, brokenLinks, relativeLinks } from "../../support/docs/links.ts";
import { temporaryFolder } from "../../support/temporaryFolder.ts";

const ROOT = fileURLToPath(new URL("../../../", import.meta.url));
const FOLDERS = ["docs", "examples", "findings", ".github"];

async function pages(): Promise<readonly string[]> {
  const here = (await readdir(ROOT)).filter((name) => name.endsWith(".md"));
  const below = await Promise.all(
    FOLDERS.map(async (folder) =>
      (await readdir(join(ROOT, folder), { recursive: true })).map((name) => join(folder, name)),
    ),
  );
  return [...here, ...below.flat().filter((name) => name.endsWith(".md"))];
}

test("every relative link of the project's pages leads to a file, and to a heading where it names one", async () => {
  const all = await pages();
  expect(all).toEqual(expect.arrayContaining(["README.md", "SECURITY.md", "docs/concepts.md"]));
  expect(all.flatMap((page) => brokenLinks(ROOT, page))).toEqual([]);
});

describe("a link is reported as broken", () => {
  const cases: Record<string, [string, readonly string[]]> = {
    "when its file does not exist": ["text\n[a](missing.md)", ["docs/page.md:2 missing.md"]],
    "when its heading does not exist": ["[a](other.md#no-such)", ["docs/page.md:1 other.md#no-such"]],
    "when it leaves the project": ["[a](../../x.md)", ["docs/page.md:1 ../../x.md"]],
    "when it names a missing heading of its own page": ["# One\n[a](#two)", ["docs/page.md:2 #two"]],
    "not when file and heading exist": ["# One\n[a](other.md#a-heading-its-name) [b](#one) [c](..)", []],
    "not when it is an address or code": ["[a](https://example.com/x.md) `[b](missing.md)`", []],
  };
  test.each(Object.entries(cases))("%s", async (_, [page, broken]) => {
    const root = await temporaryFolder("links");
    await mkdir(join(root, "docs"));
    await writeFile(join(root, "docs/page.md"), page);
    await writeFile(join(root, "docs/other.md"), "## A heading: `its name`\n");
    expect(brokenLinks(root, "docs/page.md")).toEqual(broken);
  });
});

test("code blocks keep the line numbers of the links below them", () => {
  expect(relativeLinks("```\n[a](b)\n```\n[c](d)")).toEqual([{ line: 4, target: "d" }]);
});

test("headings get the anchors of hosting platforms", () => {
  expect([...anchorsOf("# What it is: a `b`, or (c)?\n## spec.signing\n### 路径 1\n")]).toEqual([
    "what-it-is-a-b-or-c",
    "specsigning",
    "路径-1",
  ]);
});
