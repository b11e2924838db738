import { addAbortSignal, type Readable } from "node:stream";
import { Command, Option } from "commander";
import type { ProjectionIndex } from "../../../policy/index/projectionIndex.ts";
import { type ResourceFlags, readIndex, resourceOptions } from "../../shared/capture/resources.ts";
import { EXIT } from "../../shared/exitStatus.ts";
import { CliFailure, USAGE } from "../../shared/failure.ts";
import { clusterOptions } from "../../shared/flags/clusterFlags.ts";
import { needs } from "../../shared/flags/needs.ts";
import { writeOutput } from "../../shared/output.ts";
import { interrupted, untilSignal } from "../../shared/untilSignal.ts";
import { type Input, openInput, readFailure } from "./captureFile.ts";
import { linesOf } from "./lines.ts";
import { Progress } from "./progress.ts";
import { resultOf } from "./result.ts";
import { Rows } from "./rows.ts";
import { Tally } from "./tally.ts";

interface Flags extends ResourceFlags {
  readonly output: "text" | "jsonl";
  readonly strict?: boolean;
}

const HELP = `
One captured request per line, as JSON; "time" is when it was received, "id" is optional:
  {"id": "1", "time": "2026-11-24T09:00:00Z", "raw": "<the bytes of the HTTP/1.1 request in base64>"}
  {"time": "2026-11-24T09:00:00Z", "method": "GET", "target": "/orders?a=1", "headers": [["Host", "api.shop.example.com"]], "body": ""}

Decisions:
  allow       a verifier would have allowed the request
  deny        a verifier would have denied it; the code is the reason
  unreadable  the line is not a valid request: it was truncated, or a scanner sent it and Envoy itself replies 400. Its number
              and the reason are printed, and the other lines are still decided; see --strict.

Examples:
  $ countersign replay traffic.jsonl --resources ./resources
  Which lines are not allowed, and why?
  $ countersign replay traffic.jsonl --resources ./resources -o jsonl | jq -c 'select(.decision != "allow")'

Ctrl-C stops, and prints the decisions so far.
`;

/** `countersign replay`: decides captured requests as a verifier would have, each at its own time. */
export function replayCommand(): Command {
  const command = new Command("replay")
    .summary("decide captured requests, each at its own time")
    .description(
      "Decides captured requests as a verifier would have, each at the time that it was captured, by the objects of a directory or of the cluster. Use it before a migration, to see whether real traffic would be allowed.",
    )
    .argument("<file>", "captured requests, one JSON object per line; - is standard input");
  for (const option of [...resourceOptions(), ...clusterOptions()]) command.addOption(option);
  return needs(command, { stateDir: ["resources"] })
    .option("--strict", "stop at the first unreadable line, with status 2")
    .addOption(
      new Option("-o, --output <format>", "a table, or a JSON line for each request")
        .choices(["text", "jsonl"])
        .default("text"),
    )
    .addHelpText("after", HELP)
    .action(replay);
}

async function replay(file: string, flags: Flags): Promise<void> {
  const input = await openInput(file);
  const signal = untilSignal();
  const tally = new Tally(file);
  const rows = flags.output === "jsonl" ? new Rows(writeOutput) : undefined;
  try {
    const index = await readIndex(flags, signal);
    await decideAll(addAbortSignal(signal, input.stream), index, { input, flags, tally, rows });
  } catch (error) {
    if (!signal.aborted) throw error;
  } finally {
    input.stream.destroy();
    await rows?.flush();
  }
  if (!rows && !tally.isEmpty) await writeOutput(tally.table());
  if (signal.aborted) throw interrupted(signal, `interrupted: ${tally.lines} lines were read`);
  if (tally.isEmpty)
    throw new CliFailure(
      `${file} contains no request: it needs one per line (add --help for the format)`,
      USAGE,
    );
  process.exitCode = tally.isAllAllowed ? EXIT.ok : EXIT.failed;
}

interface Run {
  readonly input: Input;
  readonly flags: Flags;
  readonly tally: Tally;
  /** Undefined if only the table is printed. */
  readonly rows: Rows | undefined;
}

async function decideAll(stream: Readable, index: ProjectionIndex, run: Run): Promise<void> {
  const { input, flags, tally, rows } = run;
  const progress = progressOf(input, flags);
  try {
    for await (const line of linesOf(stream)) {
      const result = resultOf(line, index);
      if (flags.strict && result.kind === "unreadable")
        throw new CliFailure(`${input.name}:${result.line}: ${result.reason}`, USAGE);
      tally.add(result);
      await rows?.add(result);
      progress?.update(line.number);
    }
  } catch (error) {
    throw readFailure(input.name, error);
  } finally {
    progress?.clear();
  }
}

/** Undefined if standard error is not a terminal, or if the progress would appear between the rows. */
function progressOf({ share }: Input, { output }: Flags): Progress | undefined {
  const { stderr, stdout, env } = process;
  if (!stderr.isTTY || env.TERM === "dumb" || (output === "jsonl" && stdout.isTTY)) return undefined;
  return new Progress({ write: (text) => stderr.write(text), now: () => performance.now(), share });
}
