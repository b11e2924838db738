import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

/**
 * Identifies the code of this program and the version of Node that runs it. Only the bundle can be identified, since it is one file:
 * undefined if the program runs from its sources.
 */
export function programDigest(url: string = import.meta.url): string | undefined {
  if (!url.endsWith(".mjs")) return undefined;
  const hash = createHash("sha256")
    .update(process.version)
    .update(readFileSync(fileURLToPath(url)));
  return hash.digest("base64");
}
