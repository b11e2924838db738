import type { Dirent } from "node:fs";
import { readdir, stat } from "node:fs/promises";
import { join, resolve, sep } from "node:path";
import { errorCode } from "../../../base/errorCode.ts";
import { CliFailure, USAGE } from "../../shared/failure.ts";

/** A file to read. */
export interface FoundFile {
  readonly path: string;
  /** With `/` between folders. */
  readonly name: string;
  /** Whether the command line names it itself. */
  readonly isNamed: boolean;
  readonly bytes: number;
  /** Whether other users of the machine may read it. */
  readonly isShared: boolean;
}

/** Folders that hold no export, and may hold a great deal else. */
const SKIPPED: ReadonlySet<string> = new Set([".git", "node_modules", "providers", "modules"]);
const READABLE_BY_OTHERS = 0o044;

/**
 * The files of paths that are files or folders, sorted by name, each once. The output folder is left out, in case it lies in
 * one of them. Throws CliFailure for a path that cannot be read.
 */
export async function findFiles(paths: readonly string[], output: string): Promise<readonly FoundFile[]> {
  const found = new Map<string, FoundFile>();
  for (const path of paths) await add(path, true, resolve(output), found);
  return [...found.values()].sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
}

async function add(
  path: string,
  isNamed: boolean,
  output: string,
  found: Map<string, FoundFile>,
): Promise<void> {
  const key = resolve(path);
  if (key === output) return;
  const stats = await stat(path).catch((error: unknown) => cannotRead(path, error));
  if (stats.isDirectory()) {
    for (const entry of await list(path))
      if (!isSkipped(entry)) await add(join(path, entry.name), false, output, found);
    return;
  }
  if (!stats.isFile()) return;
  const before = found.get(key);
  const name = before?.name ?? path.split(sep).join("/");
  const isShared = (stats.mode & READABLE_BY_OTHERS) !== 0;
  found.set(key, { path, name, isNamed: isNamed || (before?.isNamed ?? false), bytes: stats.size, isShared });
}

async function list(path: string): Promise<readonly Dirent[]> {
  return await readdir(path, { withFileTypes: true }).catch((error: unknown) => cannotRead(path, error));
}

/** Links are followed only where the user names them, so that no folder is read twice. */
function isSkipped(entry: Dirent): boolean {
  return entry.isSymbolicLink() || (entry.isDirectory() && SKIPPED.has(entry.name));
}

function cannotRead(path: string, error: unknown): never {
  throw new CliFailure(`${path} cannot be read (${errorCode(error)})`, USAGE);
}
