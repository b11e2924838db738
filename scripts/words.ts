import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { violationsIn } from "./words/violations.ts";

/**
 * Prints `file:line: "word": write …` for each word of the list in scripts/words/terms.ts, and the number per folder. Searches
 * the files that Git knows or would add, or only those below the paths in the arguments. Exit status: 0 without findings, 1 with.
 */
const SEARCHED = ["*.ts", "*.mjs", "*.js", "*.md", "*.yaml", "*.yml", "*.tpl"];
/** Requests and objects of the vendor and of other projects, in their own words. */
const FOREIGN = ":!test/fixtures";

const root = new URL("../", import.meta.url);
const listed = execFileSync(
  "git",
  ["ls-files", "-z", "-co", "--exclude-standard", "--", ...SEARCHED, FOREIGN],
  {
    cwd: root,
    encoding: "utf8",
  },
);
const below = process.argv.slice(2);
const files = listed
  .split("\0")
  .filter((file) => file !== "" && existsSync(new URL(file, root)))
  .filter(
    (file) => below.length === 0 || below.some((path) => `${file}/`.startsWith(path.replace(/\/?$/, "/"))),
  );

const counts = new Map<string, number>();
for (const file of files)
  for (const { line, word, use } of violationsIn(file, readFileSync(new URL(file, root), "utf8"))) {
    console.log(`${file}:${line}: "${word}": write ${use}`);
    const folder = folderOf(file);
    counts.set(folder, (counts.get(folder) ?? 0) + 1);
  }
for (const [folder, count] of [...counts].sort()) console.log(`${count} in ${folder}`);
process.exitCode = counts.size === 0 ? 0 : 1;

/** Two levels where there are two, such as `src/cli`. */
function folderOf(file: string): string {
  return file.split("/").slice(0, -1).slice(0, 2).join("/") || ".";
}
