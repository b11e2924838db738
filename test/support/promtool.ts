import { spawn } from "node:child_process";
import { findPromtool } from "../parts/promtool.ts";

/** Runs promtool to its end; returns its exit status and its whole output. */
export async function promtool(
  args: readonly string[],
  input = "",
): Promise<{ status: number; output: string }> {
  const child = spawn(await findPromtool(), args, { stdio: ["pipe", "pipe", "pipe"] });
  let output = "";
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding("utf8").on("data", (text: string) => {
      output += text;
    });
  child.stdin.end(input);
  const status = await new Promise<number>((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code) => resolve(code ?? -1));
  });
  return { status, output };
}
