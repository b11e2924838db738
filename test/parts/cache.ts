import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, rename, rm } from "node:fs/promises";
import { homedir } from "node:os";
import { delimiter, join } from "node:path";

/** Where real parts are kept once they are there: outside every checkout, so that the next clone finds them. */
export const CACHE =
  process.env.COUNTERSIGN_PARTS ??
  join(process.env.XDG_CACHE_HOME ?? join(homedir(), ".cache"), "countersign", "parts");

/** A part cannot be found or made here; the message is one sentence that says what to install. */
export class PartMissing extends Error {
  override readonly name = "PartMissing";
}

/** The first of these folders that holds the program, as a path; folders may be undefined. */
export function findProgram(name: string, folders: readonly (string | undefined)[]): string | undefined {
  return folders.flatMap((folder) => (folder ? [join(folder, name)] : [])).find((path) => existsSync(path));
}

/** The folders of PATH. */
export function pathFolders(): readonly string[] {
  return (process.env.PATH ?? "").split(delimiter).filter((folder) => folder !== "");
}

/**
 * The file `name` in the cache's folder `key`, made by `make` when it is not there: in a folder of its own, then moved
 * into place at once, so that nobody sees half of it and two that make it at a time do no harm.
 */
export async function cached(
  key: string,
  name: string,
  make: (folder: string) => Promise<void>,
): Promise<string> {
  const place = join(CACHE, key);
  const file = join(place, name);
  if (existsSync(file)) return file;
  await mkdir(CACHE, { recursive: true });
  const folder = await mkdtemp(join(CACHE, "making-"));
  try {
    await make(folder);
    await rename(folder, place).catch((error: unknown) => {
      if (!existsSync(file)) throw error;
    });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  return file;
}

/** Runs a command to its end; throws with the end of what it printed when it fails, or cannot be started. */
export async function run(
  command: string,
  args: readonly string[],
  options: { cwd?: string; env?: NodeJS.ProcessEnv } = {},
): Promise<string> {
  const child = spawn(command, args, { ...options, stdio: ["ignore", "pipe", "pipe"] });
  let printed = "";
  const keep = (chunk: Buffer) => {
    printed = (printed + chunk.toString()).slice(-100_000);
  };
  child.stdout.on("data", keep);
  child.stderr.on("data", keep);
  const code = await new Promise<number | null>((resolve, reject) => {
    child.on("error", reject);
    child.on("close", resolve);
  });
  if (code !== 0) throw new Error(`${command} ${args.join(" ")} failed:\n${printed.slice(-2_000)}`);
  return printed;
}

/** One line of progress. */
export function say(line: string): void {
  process.stderr.write(`${line}\n`);
}
