import { readdirSync } from "node:fs";
import { join } from "node:path";
import { setImmediate } from "node:timers/promises";
import type { Captured } from "./captured.ts";
import { CaptureFile } from "./formats/captureFile.ts";
import { TapTraces } from "./formats/tap/tapTraces.ts";
import { type Input, kindOf, openInput, readFailure, readSmall } from "./input.ts";

/** The inputs that are read, for progress. */
export interface CapturesOptions {
  /** Called with each input before it is read. */
  readonly onInput?: (input: Input) => void;
  readonly signal?: AbortSignal;
}

/** Small files are read without waiting. After so many of them the loop lets signals be handled. */
const FILES_PER_TURN = 100;

/**
 * The captured requests of files, of the files below folders, and of standard input for `-`, in this order. Ends early when the signal
 * aborts. Throws CliFailure when a path cannot be read.
 */
export async function* captures(
  paths: readonly string[],
  options: CapturesOptions = {},
): AsyncGenerator<Captured> {
  const traces = new TapTraces();
  let files = 0;
  for (const path of paths.flatMap((one) => [...filesOf(one)])) {
    if (options.signal?.aborted) return;
    if (kindOf(path) === "small") yield* smallFile(path, traces);
    else yield* stream(path, traces, options);
    files += 1;
    if (files % FILES_PER_TURN === 0) await setImmediate();
  }
  yield* traces.end();
}

/** Throws CliFailure if a file or folder does not exist, before a long run finds out. */
export function checkReadable(paths: readonly string[]): void {
  for (const path of paths) kindOf(path);
}

function* smallFile(name: string, traces: TapTraces): Generator<Captured> {
  const file = new CaptureFile(name, traces);
  yield* file.take(readSmall(name));
  yield* file.end();
}

/** The requests of one stream. A chunk is a read of it, so the loop over the requests of a chunk waits for nothing. */
async function* stream(
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
function* filesOf(path: string): Generator<string> {
  if (kindOf(path) !== "folder") yield path;
  else for (const name of namesIn(path)) yield* filesOf(join(path, name));
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder)
      .filter((name) => !name.startsWith("."))
      .sort();
  } catch (error) {
    throw readFailure(folder, error);
  }
}
