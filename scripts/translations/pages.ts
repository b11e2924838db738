import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { withBlocksOf } from "./blocks.ts";

/** A page in Chinese, and the English page that it translates. Paths from the project's root. */
export interface Translation {
  readonly original: string;
  readonly translation: string;
}

const FOLDER = "docs/zh";
/** The table of contents with the glossary, which has no English counterpart. */
const CONTENTS = "README.md";

/** README.zh-CN.md, and each page of docs/zh with the page of the same name in docs. */
export function translations(root: string): readonly Translation[] {
  const pages = readdirSync(join(root, FOLDER)).filter((name) => name.endsWith(".md") && name !== CONTENTS);
  return [
    { original: "README.md", translation: "README.zh-CN.md" },
    ...pages.sort().map((name) => ({ original: `docs/${name}`, translation: `${FOLDER}/${name}` })),
  ];
}

/** The translated pages with the code blocks of the English ones, for `npm run generate`. */
export function translatedFiles(root: string): readonly { readonly name: string; readonly text: string }[] {
  const read = (page: string) => readFileSync(join(root, page), "utf8");
  return translations(root).map(({ original, translation }) => ({
    name: translation,
    text: withBlocksOf(read(original), read(translation)),
  }));
}
