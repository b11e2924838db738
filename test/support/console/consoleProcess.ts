import { Program } from "../childProcess.ts";
import { freshBundle } from "../freshBundle.ts";

/** A running `countersign console`. */
export interface ConsoleProcess {
  readonly program: Program;
  /** The link that it printed, with the token. */
  readonly url: string;
  /** Such as `http://127.0.0.1:40123`. */
  readonly origin: string;
}

/** Starts `countersign console` without a browser. */
export async function startConsole(
  args: readonly string[],
  env: NodeJS.ProcessEnv = {},
): Promise<ConsoleProcess> {
  const program = new Program(process.execPath, [freshBundle(), "console", "--no-open", ...args], {
    name: "countersign console",
    env: { ...process.env, ...env },
  });
  const [, url = ""] = await program.waitFor(/^console +(\S+)/m, 60_000);
  return { program, url, origin: new URL(url).origin };
}
