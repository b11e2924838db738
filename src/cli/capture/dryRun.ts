import { randomBytes } from "node:crypto";
import { cp, stat } from "node:fs/promises";
import { basename, join } from "node:path";
import { pino } from "pino";
import { systemClock } from "../../observe/clock.ts";
import { startOperator } from "../../operator/controller.ts";
import type { ProjectionSink } from "../../projection/feed.ts";
import { FilesStore } from "../../store/files/filesStore.ts";
import type { FileProblem } from "../../store/files/yamlFile.ts";
import { CliFailure, USAGE } from "../failure.ts";
import { settled } from "../standalone/settled.ts";
import { withScratchFolder } from "./scratchFolder.ts";

/**
 * Tells the sink what a verifier would know of a directory of YAML: the reconcilers run over a copy of the state directory, which is
 * thrown away. Key pairs come from the state directory, or from Secrets in the directory that Applications import.
 */
export async function dryRun(directory: string, stateDirectory: string, sink: ProjectionSink): Promise<void> {
  if (!(await isDirectory(directory))) throw new CliFailure(`${directory} is no directory`, USAGE);
  await withScratchFolder((folder) => fill(sink, directory, stateDirectory, folder));
}

async function fill(
  sink: ProjectionSink,
  directory: string,
  stateDirectory: string,
  folder: string,
): Promise<void> {
  const stop = new AbortController();
  const state = join(folder, "state");
  if (await isDirectory(stateDirectory))
    await cp(stateDirectory, state, { recursive: true, filter: (name) => basename(name) !== "lock" });
  const onProblems = (problems: readonly FileProblem[]) => tell(problems);
  const store = new FilesStore({
    directory,
    stateDirectory: state,
    sink,
    onProblems,
    graceMs: 0,
    isDryRun: true,
    className: "*",
  });
  try {
    await store.start(stop.signal);
    const meter = { reconciled: () => {}, queueDepth: () => {} };
    const environment = { clock: systemClock, random: randomBytes, log: pino({ level: "silent" }), meter };
    const operator = startOperator(store, { ...environment, verifierPollMs: 5 }, stop.signal);
    await settled(store, operator, stop.signal);
    stop.abort();
    await operator.stopped;
  } finally {
    stop.abort();
  }
}

function tell(problems: readonly FileProblem[]): void {
  for (const { file, line, field, message } of problems)
    process.stderr.write(`countersign: ${file}:${line}: ${field === "" ? "" : `${field}: `}${message}\n`);
}

async function isDirectory(path: string): Promise<boolean> {
  return await stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
}
