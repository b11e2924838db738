import { createHash } from "node:crypto";
import { readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";

/**
 * Identifies the code of this program and the version of Node that runs it. Only the bundle can be identified, whose parts have a hash of
 * what is in them in their names: undefined if the program runs from its sources. `url`: of a part.
 */
export function programDigest(url: string = import.meta.url): string | undefined {
  if (!url.endsWith(".mjs")) return undefined;
  const parts = readdirSync(fileURLToPath(new URL(".", url))).sort();
  const hash = createHash("sha256").update(JSON.stringify([process.version, parts]));
  return hash.digest("base64");
}
