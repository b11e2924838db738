import { Command, Option } from "commander";
import { placeText } from "../../shared/capture/captured.ts";
import { captures, checkReadable } from "../../shared/capture/captures.ts";
import type { Input } from "../../shared/capture/input.ts";
import { type ResourceFlags, readIndex, resourceOptions } from "../../shared/capture/resources.ts";
import { EXIT } from "../../shared/exitStatus.ts";
import { CliFailure, USAGE } from "../../shared/failure.ts";
import { clusterOptions } from "../../shared/flags/clusterFlags.ts";
import { needs } from "../../shared/flags/needs.ts";
import { writeOutput } from "../../shared/output.ts";
import { interrupted, untilSignal } from "../../shared/untilSignal.ts";
import { Progress } from "./progress.ts";
import { reportJson, reportText } from "./report.ts";
import { type Result, resultOf } from "./result.ts";
import { Rows } from "./rows.ts";
import { SeenNonces } from "./seenNonces.ts";
import { Tally } from "./tally.ts";

interface Flags extends ResourceFlags {
  readonly output: "text" | "json" | "jsonl";
  readonly strict?: boolean;
}

const HELP = `
Formats, recognised by content; a folder is read with all files below it:
  HAR 1.2                 as browsers, mitmproxy, Charles and Fiddler export it
  Envoy's HTTP tap        buffered or streamed, in JSON or protobuf; \`countersign envoy-config --tap\` prints a configuration
  one JSON object a line  "time" is when the request was received, "id" is optional:
    {"id": "1", "time": "2026-11-24T09:00:00Z", "raw": "<the bytes of the HTTP/1.1 request in base64>"}
    {"time": "2026-11-24T09:00:00Z", "method": "GET", "target": "/orders?a=1", "headers": [["Host", "api.shop.example.com"]], "body": ""}

Decisions:
  allow        a verifier would have allowed the request
  deny         a verifier would have denied it; the code is the reason
  undecidable  the capture lacks something on which the decision depends, such as the body; the reason names it
  unreadable   the place holds no valid request: it was truncated, or a scanner sent it and Envoy itself replies 400. The other
               requests are still decided; see --strict.

Examples:
  $ countersign replay traffic.jsonl shop.har tap/ --resources ./resources
  Which requests are not allowed, and why?
  $ countersign replay tap/ --resources ./resources -o jsonl | jq -c 'select(.decision != "allow")'

Ctrl-C stops, and prints the decisions so far.
`;

/** `countersign replay`: decides captured requests as a verifier would have, each at its own time. */
export function replayCommand(): Command {
  const command = new Command("replay")
    .summary("decide captured requests, each at its own time")
    .description(
      "Decides captured requests as a verifier would have, each at the time that it was captured, by the objects of a directory or of the cluster. Use it before a migration, to see whether real traffic would be allowed.",
    )
    .argument("<path...>", "files and folders of captured requests; - is standard input");
  for (const option of [...resourceOptions(), ...clusterOptions()]) command.addOption(option);
  return needs(command, { stateDir: ["resources"] })
    .option("--strict", "stop at the first request that is unreadable or not decidable, with status 2")
    .addOption(
      new Option("-o, --output <format>", "a report as text or json, or a JSON line for each request")
        .choices(["text", "json", "jsonl"])
        .default("text"),
    )
    .addHelpText("after", HELP)
    .action(replay);
}

interface Run {
  readonly flags: Flags;
  readonly tally: Tally;
  /** Undefined if only the report is printed. */
  readonly rows: Rows | undefined;
  readonly signal: AbortSignal;
}

async function replay(paths: readonly string[], flags: Flags): Promise<void> {
  const signal = untilSignal();
  const tally = new Tally();
  const rows = flags.output === "jsonl" ? new Rows(writeOutput) : undefined;
  try {
    await decideAll(paths, { flags, tally, rows, signal });
  } catch (error) {
    if (!signal.aborted) throw error;
  } finally {
    await rows?.flush();
  }
  if (!rows && tally.results > 0)
    await writeOutput(flags.output === "json" ? reportJson(tally) : reportText(tally));
  if (signal.aborted) throw interrupted(signal, `interrupted: ${tally.results} requests were read`);
  if (tally.results === 0)
    throw new CliFailure(`${paths.join(" ")}: no request found (add --help for the formats)`, USAGE);
  process.exitCode = tally.isAllAllowed ? EXIT.ok : EXIT.failed;
}

async function decideAll(paths: readonly string[], { flags, tally, rows, signal }: Run): Promise<void> {
  checkReadable(paths);
  const index = await readIndex(flags, signal);
  const seen = new SeenNonces();
  let input: Input | undefined;
  const onInput = (next: Input) => {
    input = next;
  };
  // The size of a folder, or of several files, is not known before they are read.
  const share = () => (input?.name === paths[0] && paths.length === 1 ? input?.share() : undefined);
  const progress = progressOf(share, flags);
  try {
    for await (const captured of captures(paths, { onInput, signal })) {
      const result = resultOf(captured, index, seen);
      if (flags.strict) failUnlessDecided(result);
      tally.add(result);
      const written = rows?.add(result);
      if (written) await written;
      progress?.update(tally.results);
    }
  } finally {
    progress?.clear();
  }
}

function failUnlessDecided(result: Result): void {
  if (result.kind !== "decided")
    throw new CliFailure(`${placeText(result.place)}: ${result.kind}: ${result.reason}`, USAGE);
}

/** Undefined if standard error is not a terminal, or if the progress would appear between the rows. */
function progressOf(share: () => number | undefined, { output }: Flags): Progress | undefined {
  const { stderr, stdout, env } = process;
  if (!stderr.isTTY || env.TERM === "dumb" || (output === "jsonl" && stdout.isTTY)) return undefined;
  return new Progress({ write: (text) => stderr.write(text), now: () => performance.now(), share });
}
