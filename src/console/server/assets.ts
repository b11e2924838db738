import { readdirSync, readFileSync } from "node:fs";
import { extname, join } from "node:path";

/** One file of the front end. */
interface Asset {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly type: string;
}

/** The files of the front end, by the path of their URL. */
export type Assets = ReadonlyMap<string, Asset>;

const TYPES: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".svg": "image/svg+xml",
};

/** Reads all files of a folder into memory. Throws system errors. */
export function readAssets(folder: string): Assets {
  const found = new Map<string, Asset>();
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const file = join(entry.parentPath, entry.name);
    const type = TYPES[extname(entry.name)];
    if (type === undefined) continue;
    const url = `/${file.slice(folder.length).replaceAll("\\", "/").replace(/^\/+/, "")}`;
    found.set(url, { type, bytes: new Uint8Array(readFileSync(file)) });
  }
  return found;
}
