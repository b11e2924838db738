import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { ApiServer } from "../../test/support/apiServer.ts";
import { Program } from "../../test/support/childProcess.ts";
import { freshBundle } from "../../test/support/freshBundle.ts";
import { type Cores, pinned } from "./cores.ts";
import { findGoProgram } from "./goPrograms.ts";
import { imageEnvironment, imageFlags } from "./imageFlags.ts";
import { figuresOf, type ProcessFigures, processTree } from "./processFigures.ts";
import { members } from "./world.ts";

/** Each verifier of a machine needs an instance of its own. */
let instances = 0;

/** A server under test. */
export class ServerUnderTest {
  /** host:port of its gRPC port. */
  readonly target: string;
  /** From the start of the process until it serves, in seconds. */
  readonly startSeconds: number;
  readonly #program: Program;

  constructor(program: Program, target: string, startSeconds: number) {
    this.#program = program;
    this.target = target;
    this.startSeconds = startSeconds;
  }

  /** Its process, and those that it started. */
  get pids(): readonly number[] {
    return processTree(this.#program.pid);
  }

  get figures(): ProcessFigures {
    return figuresOf(this.pids);
  }

  async stop(): Promise<void> {
    await this.#program.stop();
  }
}

/** The reference with the callers of a world of so many Applications, on one core. */
export async function startReference(cores: Cores, folder: string, count: number): Promise<ServerUnderTest> {
  const keys = join(folder, "reference.keys");
  const lines = members(count).map(({ credentials }) => `${credentials.key} ${credentials.secret}\n`);
  await writeFile(keys, lines.join(""), { mode: 0o600 });
  const line = pinned(cores.server, await findGoProgram("reference"), [`-keys=${keys}`]);
  return await started(line, "bench/reference", /listening on (\S+) with/, { GOMAXPROCS: "1" });
}

/** `countersign verifier` on this API server, of this build or another one; resolves when it logs that it is ready. */
export async function startVerifier(
  cores: Cores,
  server: ApiServer,
  flags: readonly string[] = [],
  bundle?: string,
): Promise<ServerUnderTest> {
  const ports = ["--listen", "127.0.0.1:0", "--metrics-listen", "127.0.0.1:0", "--drain", "0s"];
  const instance = ["--instance", String(++instances)];
  const line = countersign(
    cores,
    ["verifier", ...ports, ...instance, "--kubeconfig", server.kubeconfig, ...flags],
    bundle,
  );
  return await started(line, "verifier", /"grpc":"([^"]+)"[\s\S]*"msg":"ready"/, {});
}

/** `countersign standalone` over this directory; resolves when it is ready, fails when that takes longer than the limit. */
export async function startStandalone(
  cores: Cores,
  directory: string,
  stateDirectory: string,
  options: { readonly limitSeconds?: number; readonly flags?: readonly string[] } = {},
): Promise<ServerUnderTest> {
  const { limitSeconds = 900, flags = [] } = options;
  const ports = ["--listen", "127.0.0.1:0", "--metrics-listen", "127.0.0.1:0"];
  const args = ["standalone", directory, "--state-dir", stateDirectory, ...ports, ...flags];
  return await started(
    countersign(cores, args),
    "standalone",
    /^ready +gRPC (\S+)/m,
    {},
    limitSeconds * 1_000,
  );
}

function countersign(cores: Cores, args: readonly string[], bundle = freshBundle()): [string, ...string[]] {
  return pinned(cores.server, process.execPath, [...imageFlags(), bundle, ...args]);
}

async function started(
  [command, ...args]: [string, ...string[]],
  name: string,
  ready: RegExp,
  env: Readonly<Record<string, string>>,
  timeoutMs = 120_000,
): Promise<ServerUnderTest> {
  const image = await imageEnvironment(freshBundle());
  const began = performance.now();
  const program = new Program(command, args, { name, env: { ...process.env, ...image, ...env } });
  const [, target = ""] = await program.waitFor(ready, timeoutMs).catch(async (error: unknown) => {
    await program.stop("SIGKILL");
    throw error;
  });
  return new ServerUnderTest(program, target, (performance.now() - began) / 1_000);
}
