import { access, constants, readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import type { Captured } from "./captured.ts";
import { CaptureFile } from "./formats/captureFile.ts";
import { TapTraces } from "./formats/tap/tapTraces.ts";
import { type Input, openInput, readFailure } from "./input.ts";

/** The inputs that are read, for progress. */
export interface CapturesOptions {
  /** Called with each input before it is read. */
  readonly onInput?: (input: Input) => void;
  readonly signal?: AbortSignal;
}

/**
 * The captured requests of files, of the files below folders, and of standard input for `-`, in this order. Throws CliFailure when one
 * cannot be read.
 */
export async function* captures(
  paths: readonly string[],
  options: CapturesOptions = {},
): AsyncGenerator<Captured> {
  const traces = new TapTraces();
  for (const path of paths) for await (const file of filesOf(path)) yield* capturesOf(file, traces, options);
  yield* traces.end();
}

/** Throws CliFailure if a file or folder does not exist or cannot be read, before a long run finds out. */
export async function checkReadable(paths: readonly string[]): Promise<void> {
  for (const path of paths)
    if (path !== "-")
      await access(path, constants.R_OK).catch((error: unknown) => {
        throw readFailure(path, error);
      });
}

/** The requests of one file. A chunk is a read of the file, so the loop over the requests of a chunk waits for nothing. */
async function* capturesOf(
  name: string,
  traces: TapTraces,
  { onInput, signal }: CapturesOptions,
): AsyncGenerator<Captured> {
  const input = await openInput(name);
  const stop = () => input.stream.destroy();
  signal?.addEventListener("abort", stop, { once: true });
  onInput?.(input);
  const file = new CaptureFile(name, traces);
  try {
    for await (const chunk of input.stream) yield* file.take(chunk);
    yield* file.end();
  } catch (error) {
    throw readFailure(name, error);
  } finally {
    signal?.removeEventListener("abort", stop);
    stop();
  }
}

/** The file itself, or every file below a folder in the order of their names. Hidden files are left out: a file manager writes those. */
async function* filesOf(path: string): AsyncGenerator<string> {
  if (path === "-" || !(await isFolder(path))) {
    yield path;
    return;
  }
  const names = (await readdir(path)).filter((name) => !name.startsWith(".")).sort();
  for (const name of names) yield* filesOf(join(path, name));
}

async function isFolder(path: string): Promise<boolean> {
  return await stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
}
