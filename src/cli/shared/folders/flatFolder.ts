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
  const { files } = manifestsIn(directory);
  if (files.every((file) => !relative(directory, file).includes(sep)))
    return { directory, originOf: (file) => file };
  const flat = join(scratch, "resources");
  mkdirSync(flat);
  const origins = new Map<string, string>();
  for (const file of files) {
    const link = join(flat, linkName(directory, file));
    symlinkSync(resolve(file), link);
    origins.set(link, file);
  }
  return { directory: flat, originOf: (file) => origins.get(file) ?? file };
}

/** The name of the link to a file below a directory: no two files have the same. */
export function linkName(directory: string, file: string): string {
  return relative(directory, file).replaceAll("_", "__").split(sep).join("_-");
}

/** YAML files, and the folders that they are in. */
interface Manifests {
  readonly files: readonly string[];
  readonly folders: readonly string[];
}

/** Those of a directory and its subdirectories, without hidden ones. Throws system errors. */
export function manifestsIn(directory: string): Manifests {
  const entries = readdirSync(directory, { withFileTypes: true }).filter((entry) => !isHidden(entry));
  const pathOf = ({ name }: Dirent) => join(directory, name);
  const below = entries.filter((entry) => entry.isDirectory()).map((entry) => manifestsIn(pathOf(entry)));
  const own = entries.filter((entry) => !entry.isDirectory() && isManifest(entry)).map(pathOf);
  return {
    files: [...own, ...below.flatMap(({ files }) => files)],
    folders: [directory, ...below.flatMap(({ folders }) => folders)],
  };
}

function isManifest({ name }: Dirent): boolean {
  return /\.(?:ya?ml|json)$/.test(name);
}

function isHidden({ name }: Dirent): boolean {
  return name.startsWith(".") || name === "node_modules";
}
