import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

/**
 * Identifies the code of this program and the version of Node that runs it. Only the bundle can be identified, by all of its parts:
 * undefined if the program runs from its sources. `url`: of a part.
 */
export function programDigest(url: string = import.meta.url): string | undefined {
  if (!/\/lib\/[^/]+\.mjs$/.test(url)) return undefined;
  const folder = new URL(".", url);
  const hash = createHash("sha256").update(process.version);
  for (const part of readdirSync(fileURLToPath(folder)).sort())
    hash.update(`\n${part}\n`).update(readFileSync(fileURLToPath(new URL(part, folder))));
  return hash.digest("base64");
}
