import { dirname, join, normalize, relative } from "node:path";
import { type Block, blocksIn, withoutBlocks } from "../../../scripts/translations/blocks.ts";
import type { Translation } from "../../../scripts/translations/pages.ts";
import { type Link, relativeLinks } from "./links.ts";

/** A page of the project: its path from the root, and its text. */
export interface Page {
  readonly name: string;
  readonly text: string;
}

/** A part of a page from one heading to the next. */
interface Section {
  readonly line: number;
  readonly level: number;
  readonly rows: number;
}

/** What a translation lacks, or has although the English page does not, as sentences that name place and remedy. */
export function translationProblems(
  original: Page,
  translation: Page,
  all: readonly Translation[],
): readonly string[] {
  return [
    ...differentBlocks(original, translation),
    ...differentSections(original, translation),
    ...staleCode(original, translation),
    ...linksToOtherLanguage(original, translation, all),
    ...missingLinks(original, translation, all),
    ...missingSwitch(original, translation, "简体中文"),
    ...missingSwitch(translation, original, "English"),
  ];
}

function differentBlocks(original: Page, translation: Page): readonly string[] {
  const wanted = blocksIn(original.text);
  const present = blocksIn(translation.text);
  if (wanted.length !== present.length)
    return [
      `${translation.name} has ${present.length} code blocks, ${original.name} has ${wanted.length}: ${firstUnmatched(original, wanted, present)}`,
    ];
  return wanted.flatMap(({ line, lines }, index) => {
    const block = present[index];
    return block && isSame(lines, block.lines)
      ? []
      : [
          `${translation.name}:${block?.line} is not the code block of ${original.name}:${line}: run npm run generate, which copies the English block, and read whether the Chinese sentences around it still hold`,
        ];
  });
}

function firstUnmatched(original: Page, wanted: readonly Block[], present: readonly Block[]): string {
  const index = wanted.findIndex(({ lines }, at) => !isSame(lines, present[at]?.lines ?? []));
  return index < 0
    ? `remove what follows the last block of ${original.name}`
    : `make the same blocks from that of ${original.name}:${wanted[index]?.line} on, with the sentences around them`;
}

function isSame(left: readonly string[], right: readonly string[]): boolean {
  return left.join("\n") === right.join("\n");
}

function differentSections(original: Page, translation: Page): readonly string[] {
  const wanted = sectionsOf(original.text);
  const present = sectionsOf(translation.text);
  const index = wanted.findIndex(
    ({ level, rows }, at) => level !== present[at]?.level || rows !== present[at]?.rows,
  );
  if (index < 0 && wanted.length === present.length) return [];
  const section = wanted[index];
  const place = section ? `${original.name}:${section.line}` : `the end of ${original.name}`;
  return [
    `${translation.name} has other headings or other numbers of table rows from ${place} on (line ${present[index]?.line ?? "none"} of the translation): translate the headings and rows that were added, and remove the others`,
  ];
}

function sectionsOf(text: string): readonly Section[] {
  const lines = withoutBlocks(text).split("\n");
  const starts = lines.flatMap((line, at) => (/^#{1,6} /.test(line) ? [at] : []));
  return starts.map((start, index) => ({
    line: start + 1,
    level: lines[start]?.indexOf(" ") ?? 0,
    rows: lines.slice(start, starts[index + 1]).filter((line) => line.startsWith("|")).length,
  }));
}

/** Code in sentences that the English page does not have: a flag or a field that was renamed since. */
function staleCode(original: Page, translation: Page): readonly string[] {
  const known = codeOf(original.text);
  const unknown = [...codeOf(translation.text)].filter((code) => !known.has(code));
  return unknown.map(
    (code) => `${translation.name} has \`${code}\`, which ${original.name} does not: write what that has now`,
  );
}

function codeOf(text: string): ReadonlySet<string> {
  return new Set(
    [...withoutBlocks(text).matchAll(/(`{1,2})((?:.|\n(?!\n))+?)\1(?!`)/g)].map(([, , code = ""]) =>
      code.trim().replace(/\s+/g, " "),
    ),
  );
}

/** Links of a translation to English pages that exist in its language. The first lines may: they switch the language. */
function linksToOtherLanguage(
  original: Page,
  translation: Page,
  all: readonly Translation[],
): readonly string[] {
  return relativeLinks(translation.text).flatMap((link) => {
    const { line, target } = link;
    const file = fileOf(translation, link);
    const other = all.find((pair) => pair.original === file);
    if (other === undefined || (file === original.name && line <= 3)) return [];
    const wanted = relative(dirname(translation.name), other.translation);
    return [`${translation.name}:${line} links to ${target}: link to ${wanted}`];
  });
}

/** Links of the English page that the translation has neither to the same file nor to its translation. */
function missingLinks(original: Page, translation: Page, all: readonly Translation[]): readonly string[] {
  const translated = (file: string) => all.find((pair) => pair.original === file)?.translation ?? file;
  const known = new Set(relativeLinks(translation.text).map((link) => fileOf(translation, link)));
  return relativeLinks(original.text).flatMap((link) => {
    const source = fileOf(original, link);
    const file = translated(source);
    if (known.has(source) || known.has(file) || file === translation.name) return [];
    return [
      `${translation.name} has no link to ${file}: translate the sentence of ${original.name}:${link.line}`,
    ];
  });
}

/** The linked file, from the project's root. */
function fileOf(page: Page, { target }: Link): string {
  const path = target.split("#")[0] ?? "";
  return path === "" ? page.name : normalize(join(dirname(page.name), path));
}

function missingSwitch(page: Page, other: Page, label: string): readonly string[] {
  const link = `[${label}](${relative(dirname(page.name), other.name)})`;
  const hasLink = page.text.split("\n").slice(0, 4).join("\n").includes(link);
  return hasLink ? [] : [`${page.name} lacks the link ${link} below its title`];
}
