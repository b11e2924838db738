import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Program } from "../../test/support/childProcess.ts";
import { type Cores, pinned } from "./cores.ts";
import { findGoProgram } from "./goPrograms.ts";
import type { SignedRequest } from "./requests.ts";

/** What to send, and how. */
export interface Load {
  /** host:port. */
  readonly target: string;
  /** A file of gRPC messages, or of HTTP requests, which are sent in turn. */
  readonly frames: string;
  readonly isHttp?: boolean;
  readonly connections?: number;
  /** Closed loop: calls in flight on each connection. */
  readonly streams?: number;
  /** Open loop: calls per second; without it a closed loop. */
  readonly rate?: number;
  readonly warmupSeconds?: number;
  readonly seconds: number;
  readonly expectsDenials?: boolean;
  /** The server's processes, whose CPU time is measured in the window. */
  readonly pids?: readonly number[];
}

/** What bench/load prints; `latencies` are pairs of a quantile and milliseconds. */
export interface LoadResult {
  readonly answered: number;
  readonly wrong: number;
  readonly unanswered: number;
  readonly seconds: number;
  readonly cpuSeconds: number;
  readonly ownCpuSeconds: number;
  readonly latencies: readonly (readonly [quantile: number, ms: number])[];
  readonly firstWrong?: string;
}

/** Runs the load generator to its end. Throws when an answer was not the expected verdict, or when it failed. */
export async function runLoad(load: Load, cores: Cores): Promise<LoadResult> {
  const [command, ...args] = pinned(cores.load, await findGoProgram("load"), flagsOf(load));
  const program = new Program(command, args, { name: "bench/load" });
  if ((await program.ended) !== 0) throw new Error(`bench/load failed: ${program.output}`);
  const result = JSON.parse(program.stdout) as LoadResult;
  if (result.wrong > 0)
    throw new Error(`${result.wrong} replies of ${load.target} were wrong, the first: ${result.firstWrong}`);
  if (result.answered === 0) throw new Error(`${load.target} answered nothing in ${load.seconds} s`);
  return result;
}

function flagsOf(load: Load): readonly string[] {
  const flags = {
    target: load.target,
    [load.isHttp ? "requests" : "frames"]: load.frames,
    connections: load.connections ?? 8,
    streams: load.streams ?? 32,
    rate: load.rate ?? 0,
    warmup: `${load.warmupSeconds ?? 1}s`,
    duration: `${load.seconds}s`,
    denials: load.expectsDenials ?? false,
    pids: (load.pids ?? []).join(","),
  };
  return Object.entries(flags).map(([name, value]) => `-${name}=${value}`);
}

/** Writes gRPC messages to a file for `frames`; returns its path. */
export async function writeFrames(folder: string, name: string, frames: readonly Buffer[]): Promise<string> {
  const path = join(folder, `${name.replaceAll(/\W+/g, "-")}.frames`);
  await writeFile(path, Buffer.concat(frames));
  return path;
}

/** Writes HTTP requests to a file for `frames` with `isHttp`; returns its path. */
export async function writeRequests(
  folder: string,
  name: string,
  requests: readonly SignedRequest[],
): Promise<string> {
  const path = join(folder, `${name}.requests`);
  const lines = requests.map(({ method, target, host, lines, body }) =>
    JSON.stringify({
      headers: [[":method", method], [":scheme", "http"], [":path", target], [":authority", host], ...lines],
      ...(body ? { body: body.toString("base64") } : {}),
    }),
  );
  await writeFile(path, `${lines.join("\n")}\n`);
  return path;
}
