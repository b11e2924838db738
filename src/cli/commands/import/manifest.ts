import { isRecord, parseJson } from "../../../base/json.ts";

/** The hashes of the files that runs wrote, by their paths below the output directory; several while a run moves its files. */
export type Manifest = ReadonlyMap<string, readonly string[]>;

const ABOUT =
  "Written by countersign import: the SHA-256 of each file as it was written, to recognise files that a person changed.";

/** The text of a manifest: the same content gives the same bytes. */
export function manifestText(files: Manifest): string {
  const sorted = Object.fromEntries([...files].sort(([a], [b]) => (a < b ? -1 : 1)));
  return `${JSON.stringify({ about: ABOUT, files: sorted }, undefined, 1)}\n`;
}

/** Reads a manifest. Empty for any other text: then every file counts as a person's. */
export function parseManifest(text: string): Manifest {
  const value = parseJson(text);
  const files = isRecord(value) && isRecord(value.files) ? Object.entries(value.files) : [];
  return new Map(files.map(([path, hashes]) => [path, Array.isArray(hashes) ? hashes.map(String) : []]));
}
