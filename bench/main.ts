import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { makeBundle } from "../test/support/freshBundle.ts";
import { removeFolder, temporaryFolder } from "../test/support/temporaryFolder.ts";
import { type BenchOptions, helpText, parseCommandLine } from "./commandLine.ts";
import { Lab } from "./lab/lab.ts";
import { PARTS } from "./parts/parts.ts";
import { figuresTable, goalsTable } from "./report.ts";
import { type BenchRun, recordOf } from "./run.ts";

/** `npm run bench`: progress on standard error, tables on standard output. */
const commandLine = parseCommandLine(
  process.argv.slice(2),
  PARTS.map(({ name }) => name),
);
process.exit(await act());

async function act(): Promise<number> {
  if (commandLine.kind === "wrong") {
    process.stderr.write(`${commandLine.problem}\nnpm run bench -- --help\n`);
    return 2;
  }
  if (commandLine.kind === "help") {
    process.stdout.write(helpText(PARTS));
    return 0;
  }
  return await runInterruptibly(commandLine.options);
}

/** What the run starts is stopped at its end, also on Ctrl-C. */
async function runInterruptibly(options: BenchOptions): Promise<number> {
  // Children do not keep this process alive.
  const awake = setInterval(() => undefined, 60_000);
  const folder = await temporaryFolder("bench");
  const lab = new Lab({
    folder,
    quick: options.quick,
    count: options.count,
    against: options.against === undefined ? undefined : join(options.against, "dist/countersign.mjs"),
    transport: options.transport,
    say,
  });
  const interrupted = new Promise<number>((resolve) => {
    process.once("SIGINT", () => resolve(130));
    process.once("SIGTERM", () => resolve(143));
  });
  const status = await Promise.race([measure(lab, options), interrupted]).catch((error: unknown) => {
    say(reason(error));
    return 1;
  });
  say("stopping what was started …");
  await lab.stop();
  await removeFolder(folder);
  clearInterval(awake);
  return status;
}

async function measure(lab: Lab, options: BenchOptions): Promise<number> {
  await makeBundle();
  if (lab.cores.server === undefined) say("Processes are not pinned: that takes two cores and taskset.");
  const failed: string[] = [];
  for (const part of PARTS.filter(({ name }) => options.parts.includes(name)))
    await part.run(lab).catch((error: unknown) => {
      say(`${part.name} failed: ${reason(error)}`);
      failed.push(part.name);
    });
  const run = await recordOf(lab, options.parts, new Date());
  if (options.json !== undefined) await writeFile(options.json, `${JSON.stringify(run, undefined, 1)}\n`);
  print(run);
  if (failed.length > 0) say(`These parts failed: ${failed.join(", ")}.`);
  return failed.length > 0 ? 1 : 0;
}

function print({ quick, figures, goals }: BenchRun): void {
  if (!quick) process.stdout.write(`${figuresTable(figures)}\n`);
  process.stdout.write(goalsTable(goals));
}

function say(line: string): void {
  process.stderr.write(`${line}\n`);
}

function reason(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
