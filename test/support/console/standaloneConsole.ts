import type { Program } from "../childProcess.ts";
import { countersign } from "../cluster.ts";

/** A running `standalone --console`. */
export interface StandaloneConsole {
  readonly program: Program;
  /** The link that it printed, with the token. */
  readonly url: string;
  /** Such as `http://127.0.0.1:40123`. */
  readonly origin: string;
  /** The address of its gRPC port. */
  readonly grpc: string;
}

/** Starts `standalone` over a directory, with its state below it and a console without a browser. */
export async function startStandaloneConsole(folder: string): Promise<StandaloneConsole> {
  const ports = ["--listen", "127.0.0.1:0", "--metrics-listen", "127.0.0.1:0", "--console", "--no-open"];
  const program = countersign(["standalone", folder, "--state-dir", `${folder}/.countersign`, ...ports]);
  const [, grpc = ""] = await program.waitFor(/^ready +gRPC (\S+)/m, 60_000);
  const [, url = ""] = await program.waitFor(/^console +(\S+)/m, 60_000);
  return { program, url, origin: new URL(url).origin, grpc };
}
