import { existsSync, readFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path";

/** A link of a Markdown page to a file of the project, or to a heading of one. */
export interface Link {
  /** The first line's number in the page. */
  readonly line: number;
  readonly target: string;
}

/** Every relative link of a page, in the page's order. Without addresses that have a scheme, and without code. */
export function relativeLinks(page: string): readonly Link[] {
  const text = page.replace(/```[\s\S]*?```|`[^`\n]*`/g, (code) => code.replace(/[^\n]/g, " "));
  return [...text.matchAll(/\]\(([^()\s]+)\)/g)].flatMap(({ 1: target = "", index }) =>
    /^[a-z]+:/i.test(target) ? [] : [{ line: page.slice(0, index).split("\n").length, target }],
  );
}

/** The links of a page of the project that lead nowhere, as `page:line target`. */
export function brokenLinks(root: string, page: string): readonly string[] {
  return relativeLinks(readFileSync(join(root, page), "utf8"))
    .filter(({ target }) => !leadsSomewhere(root, page, target))
    .map(({ line, target }) => `${page}:${line} ${target}`);
}

function leadsSomewhere(root: string, page: string, target: string): boolean {
  const [path = "", anchor] = target.split("#");
  const file = path === "" ? page : normalize(join(dirname(page), path));
  if (file.startsWith("..") || !existsSync(join(root, file))) return false;
  return anchor === undefined || anchorsOf(readFileSync(join(root, file), "utf8")).has(anchor);
}

/** The anchors that hosting platforms give headings: lower case, without punctuation, hyphens for blanks. */
export function anchorsOf(page: string): ReadonlySet<string> {
  return new Set(
    [...page.matchAll(/^#{1,6} (.+)$/gm)].map(([, heading = ""]) =>
      heading
        .toLowerCase()
        .replace(/[^\p{L}\p{N}_ -]/gu, "")
        .replaceAll(" ", "-"),
    ),
  );
}
