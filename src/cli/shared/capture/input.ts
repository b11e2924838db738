import { readFileSync, statSync } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import type { Readable } from "node:stream";
import { errorCode } from "../../../base/errorCode.ts";
import { CliFailure, USAGE } from "../failure.ts";

/** A file of captured requests, or standard input. */
export interface Input {
  readonly name: string;
  readonly stream: Readable;
  /** The fraction of it that has been read, from 0 to 1; undefined if its length is unknown. */
  readonly share: () => number | undefined;
}

/** A file that is read whole costs a tenth of one that is opened as a stream. Envoy's tap writes a file for each request. */
const SMALL_BYTES = 1_048_576;

/** How a path is to be read. A stream is a file that can be read only once, such as a pipe. Throws CliFailure when there is no such path. */
export function kindOf(path: string): "folder" | "small" | "large" | "stream" {
  if (path === "-") return "stream";
  try {
    const stats = statSync(path);
    if (stats.isDirectory()) return "folder";
    if (!stats.isFile()) return "stream";
    return stats.size > SMALL_BYTES ? "large" : "small";
  } catch (error) {
    throw readFailure(path, error);
  }
}

/** The bytes of a small file. Throws CliFailure when it cannot be read. */
export function readSmall(name: string): Buffer {
  try {
    return readFileSync(name);
  } catch (error) {
    throw readFailure(name, error);
  }
}

/** Opens a file, or standard input for `-`. Throws CliFailure when it cannot be read. */
export async function openInput(name: string): Promise<Input> {
  if (name === "-") return { name, stream: process.stdin, share: () => undefined };
  const { handle, bytes } = await opened(name);
  const stream = handle.createReadStream();
  return { name, stream, share: () => (bytes > 0 ? stream.bytesRead / bytes : undefined) };
}

async function opened(name: string): Promise<{ readonly handle: FileHandle; readonly bytes: number }> {
  try {
    const handle = await open(name);
    const stats = await handle.stat();
    if (stats.isDirectory()) throw Object.assign(new Error(), { code: "EISDIR" });
    return { handle, bytes: stats.size };
  } catch (error) {
    throw readFailure(name, error);
  }
}

/** The first 64 KiB of a file that can be read again. Throws CliFailure when it cannot be read. */
export async function readHead(name: string): Promise<Buffer> {
  const { handle } = await opened(name);
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(65_536), 0, 65_536, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await handle.close();
  }
}

/** A system error as a CliFailure; any other error is returned unchanged. */
export function readFailure(name: string, error: unknown): unknown {
  const code = errorCode(error);
  return /^E[A-Z0-9]+$/.test(code) ? new CliFailure(`${name} cannot be read (${code})`, USAGE) : error;
}
