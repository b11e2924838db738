import { execFile } from "node:child_process";
import { promisify } from "node:util";

const execute = promisify(execFile);

/** A release cannot be made; the message names the reason and the remedy. */
export class ReleaseFailure extends Error {
  override readonly name = "ReleaseFailure";
}

/** Runs a command to its end and returns its standard output. Throws ReleaseFailure with the end of what it printed, and the remedy. */
export async function outputOf(
  command: string,
  args: readonly string[],
  { cwd, remedy }: { readonly cwd: string; readonly remedy: string },
): Promise<string> {
  try {
    const { stdout } = await execute(command, [...args], { cwd, maxBuffer: 2 ** 26 });
    return stdout;
  } catch (error) {
    const printed =
      error instanceof Error && "stderr" in error ? String(error.stderr).trim().slice(-2_000) : "";
    const why = printed || (error instanceof Error ? error.message : String(error));
    throw new ReleaseFailure(`${command} ${args.slice(0, 2).join(" ")} failed: ${remedy}\n${why}`, {
      cause: error,
    });
  }
}
