import { spawn } from "node:child_process";
import { accessSync, constants, existsSync, statSync } from "node:fs";
import { mkdir, mkdtemp, readdir, rename, rm, stat } from "node:fs/promises";
import { homedir } from "node:os";
import { delimiter, join } from "node:path";

/** Where real parts are kept once they are there: outside every checkout, so that the next clone finds them. */
export const CACHE =
  process.env.COUNTERSIGN_PARTS ??
  join(process.env.XDG_CACHE_HOME ?? join(homedir(), ".cache"), "countersign", "parts");

const UNFINISHED = "making-";

/** A part cannot be found or made here: the message is one sentence with what to install, the cause is the error. */
export class PartMissing extends Error {
  override readonly name = "PartMissing";
}

/** A command could not be started, or failed; the message ends with what it printed last. */
export class CommandFailed extends Error {
  override readonly name = "CommandFailed";
}

/** The first of these folders that holds the program, as a path; folders may be undefined. */
export function findProgram(name: string, folders: readonly (string | undefined)[]): string | undefined {
  return folders.flatMap((folder) => (folder ? [join(folder, name)] : [])).find(isProgram);
}

/** Whether there is a file here that we may execute. */
export function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

/** The folders of PATH. */
export function pathFolders(): readonly string[] {
  return (process.env.PATH ?? "").split(delimiter).filter((folder) => folder !== "");
}

/**
 * The file `name` in the cache's folder `key`, made by `make` when it is not there: in a folder of its own, then moved
 * into place at once, so that no process sees half of it and two processes can make it at the same time.
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
  await sweep();
  const folder = await mkdtemp(join(CACHE, UNFINISHED));
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

/** Folders whose maker was interrupted; one younger than an hour may still be in the making. */
async function sweep(): Promise<void> {
  for (const name of await readdir(CACHE)) {
    const folder = join(CACHE, name);
    const isOld = async () => Date.now() - (await stat(folder)).mtimeMs > 3_600_000;
    if (name.startsWith(UNFINISHED) && (await isOld().catch(() => false))) {
      await rm(folder, { recursive: true, force: true });
    }
  }
}

/** Runs a command to its end and returns its output. Throws CommandFailed. */
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
    child.on("error", (error) => reject(new CommandFailed(error.message)));
    child.on("close", resolve);
  });
  if (code !== 0)
    throw new CommandFailed(
      `${command} ${args.slice(0, 3).join(" ")} failed:\n${printed.trim().slice(-2_000)}`,
    );
  return printed;
}

/** One line of progress. */
export function say(line: string): void {
  process.stderr.write(`${line}\n`);
}
