import { readFile } from "node:fs/promises";
import { buffer } from "node:stream/consumers";
import { errorCode } from "../../base/errorCode.ts";
import { CliFailure } from "./failure.ts";

/** The text of a file, or of standard input for `-`. */
export async function readInput(file: string): Promise<string> {
  return (await readBytes(file)).toString("utf8");
}

export async function readBytes(file: string): Promise<Buffer> {
  if (file === "-") return await buffer(process.stdin);
  return await readFile(file).catch((error: unknown) => {
    throw new CliFailure(`${file} cannot be read (${errorCode(error)})`);
  });
}
