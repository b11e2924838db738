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

/** The first 64 KiB of a file; undefined for a folder. Throws CliFailure when it cannot be read. */
export async function readHead(name: string): Promise<Buffer | undefined> {
  const head = Buffer.alloc(65_536);
  try {
    const handle = await open(name);
    try {
      if ((await handle.stat()).isDirectory()) return undefined;
      const { bytesRead } = await handle.read(head, 0, head.length, 0);
      return head.subarray(0, bytesRead);
    } finally {
      await handle.close();
    }
  } catch (error) {
    throw readFailure(name, error);
  }
}

/** A system error as a CliFailure; any other error is returned unchanged. */
export function readFailure(name: string, error: unknown): unknown {
  const code = errorCode(error);
  return /^E[A-Z0-9]+$/.test(code) ? new CliFailure(`${name} cannot be read (${code})`, USAGE) : error;
}
