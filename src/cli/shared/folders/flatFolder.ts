import { type Dirent, mkdirSync, readdirSync, symlinkSync } from "node:fs";
import { join, relative, resolve, sep } from "node:path";

/** A directory of YAML files without subdirectories, and where its files come from. */
export interface FlatFolder {
  readonly directory: string;
  /** The path of a file as the user knows it. */
  readonly originOf: (file: string) => string;
}

/**
 * A directory whose YAML files, with those of its subdirectories, can be read as one: `countersign import` writes a subdirectory
 * for each kind. Without subdirectories it is the directory itself; otherwise one of links below `scratch`. Throws system errors.
 */
export function flatFolder(directory: string, scratch: string): FlatFolder {
  const files = manifestsIn(directory);
  if (files.every((file) => !relative(directory, file).includes(sep)))
    return { directory, originOf: (file) => file };
  const flat = join(scratch, "resources");
  mkdirSync(flat);
  const origins = new Map<string, string>();
  for (const file of files) {
    const link = join(flat, relative(directory, file).replaceAll("_", "__").split(sep).join("_-"));
    symlinkSync(resolve(file), link);
    origins.set(link, file);
  }
  return { directory: flat, originOf: (file) => origins.get(file) ?? file };
}

function manifestsIn(directory: string): readonly string[] {
  return readdirSync(directory, { withFileTypes: true }).flatMap((entry) => {
    const path = join(directory, entry.name);
    if (entry.isDirectory()) return isHidden(entry) ? [] : manifestsIn(path);
    return /\.(?:ya?ml|json)$/.test(entry.name) && !isHidden(entry) ? [path] : [];
  });
}

function isHidden({ name }: Dirent): boolean {
  return name.startsWith(".") || name === "node_modules";
}
