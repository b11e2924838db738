import { createReadStream } from "node:fs";
import { createInterface } from "node:readline";
import { Command, Option } from "commander";
import type { ProjectionIndex } from "../policy/projectionIndex.ts";
import { checkedRequest } from "./capture/checkedRequest.ts";
import { type ResourceFlags, readIndex, resourceOptions } from "./capture/resources.ts";
import { type Verdict, verdictOf } from "./capture/verdict.ts";
import { CliFailure, USAGE } from "./failure.ts";
import { clusterOptions } from "./flags.ts";
import { readCapture } from "./replay/line.ts";
import { Tally } from "./replay/tally.ts";
import { untilSignal } from "./untilSignal.ts";

interface Flags extends ResourceFlags {
  readonly output: "text" | "jsonl";
}

const EXAMPLES = `
One captured request a line, as JSON; "time" is when it was received:
  {"id": "1", "time": "2026-11-24T09:00:00Z", "raw": "<the bytes of the HTTP/1.1 request in base64>"}
  {"time": "2026-11-24T09:00:00Z", "method": "GET", "target": "/orders?a=1", "headers": [["Host", "api.shop.example.com"]], "body": ""}

Example:
  $ countersign replay traffic.jsonl --resources ./resources
`;

/** `countersign replay`: what a verifier would have said of captured requests, each at its own time. */
export function replayCommand(): Command {
  const command = new Command("replay")
    .summary("decide captured requests, each at its own time")
    .description(
      "Decides captured requests as a verifier would have, each at the time that it was captured, by the objects of a directory or of the cluster. Proves before the switch that real traffic will pass.",
    )
    .argument("<file>", "captured requests, one JSON object a line; - is standard input");
  for (const option of [...resourceOptions(), ...clusterOptions()]) command.addOption(option);
  return command
    .addOption(
      new Option("-o, --output <format>", "a table, or a JSON line for each request")
        .choices(["text", "jsonl"])
        .default("text"),
    )
    .addHelpText("after", EXAMPLES)
    .action(replay);
}

async function replay(file: string, flags: Flags): Promise<void> {
  const input = file === "-" ? process.stdin : createReadStream(file);
  await opened(input, file);
  const index = await readIndex(flags, untilSignal());
  const tally = new Tally();
  let [number, pending] = [0, ""];
  for await (const line of createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY })) {
    number += 1;
    if (line.trim() === "") continue;
    const { id, verdict } = decideLine(line, `${file}:${number}`, number, index);
    tally.add(verdict);
    if (flags.output !== "jsonl") continue;
    pending += `${JSON.stringify(outputLine(id, verdict))}\n`;
    if (pending.length > 65_536) pending = await written(pending);
  }
  process.stdout.write(flags.output === "jsonl" ? pending : tally.table());
}

function decideLine(
  line: string,
  where: string,
  number: number,
  index: ProjectionIndex,
): { readonly id: string | number; readonly verdict: Verdict } {
  const capture = readCapture(line);
  if (!capture.ok) throw new CliFailure(`${where}: ${capture.problem}`, USAGE);
  const { verdict } = verdictOf(checkedRequest(capture.message), index, capture.time);
  return { id: capture.id ?? number, verdict };
}

function outputLine(
  id: string | number,
  { decision, code, form, applicationId, wouldVerifyWith }: Verdict,
): object {
  return { id, decision, code, form, applicationId, wouldVerifyWith };
}

/** Waits for a slow reader, so that a long file is never held in memory. */
async function written(text: string): Promise<""> {
  if (!process.stdout.write(text)) await new Promise((resolve) => process.stdout.once("drain", resolve));
  return "";
}

async function opened(input: NodeJS.ReadableStream, file: string): Promise<void> {
  if (input === process.stdin) return;
  await new Promise<void>((resolve, reject) => {
    input.once("open", () => resolve());
    input.once("error", () => reject(new CliFailure(`${file} cannot be read`, USAGE)));
  });
}
