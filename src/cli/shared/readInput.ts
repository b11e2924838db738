import { readFile } from "node:fs/promises";
import { buffer } from "node:stream/consumers";
import { errorCode } from "../../base/errorCode.ts";
import { CliFailure } from "./failure.ts";

/** Reads the text of a file, or of standard input for `-`. Throws CliFailure. */
export async function readInput(file: string): Promise<string> {
  return (await readBytes(file)).toString("utf8");
}

/** Reads the bytes of a file, or of standard input for `-`. Throws CliFailure. */
export async function readBytes(file: string): Promise<Buffer> {
  if (file === "-") return await buffer(process.stdin);
  return await readFile(file).catch((error: unknown) => {
    throw new CliFailure(`${file} cannot be read (${errorCode(error)})`);
  });
}
