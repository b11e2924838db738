import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";

/** Licences that allow to ship the package inside our own, as long as its notice goes with it. */
const ACCEPTED = ["Apache-2.0", "MIT", "BSD-2-Clause", "BSD-3-Clause", "ISC", "0BSD", "MIT-0", "Unlicense"];

/** The folders of the packages that these files belong to, each once, sorted; a package may be there in two versions. */
export function bundledPackages(files: readonly string[]): readonly string[] {
  const folders = files.flatMap((file) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(file) ?? []);
  return [...new Set(folders)].sort();
}

/** Name, version and licence of each package, as text. Throws if the licence of a package is missing or does not allow shipping it. */
export async function noticesOf(folders: readonly string[], root: string): Promise<string> {
  const notices = await Promise.all(folders.map((folder) => notice(join(root, folder))));
  const head = `countersign.mjs, its parts in lib and the pages of its console contain these ${folders.length} packages.\n`;
  return [head, ...notices].join(`\n${"-".repeat(80)}\n`);
}

async function notice(folder: string): Promise<string> {
  const { name, version, license } = JSON.parse(await readFile(join(folder, "package.json"), "utf8"));
  if (!ACCEPTED.includes(license)) {
    throw new Error(
      `${name} ${version} has the licence ${license}, which is not among ${ACCEPTED.join(", ")}`,
    );
  }
  const files = (await readdir(folder)).filter((file) => /^(?:licen[cs]e|copying|notice)/i.test(file)).sort();
  const texts = await Promise.all(files.map((file) => readFile(join(folder, file), "utf8")));
  return [`${name} ${version} (${license})`, ...texts.map((text) => text.trim())].join("\n\n").concat("\n");
}
