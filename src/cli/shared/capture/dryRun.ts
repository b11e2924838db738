import { existsSync } from "node:fs";
import { cp, stat } from "node:fs/promises";
import { basename, join } from "node:path";
import { pino } from "pino";
import { errorCode } from "../../../base/errorCode.ts";
import type { ProjectionSink } from "../../../projection/feed.ts";
import { FilesStore, type FilesStoreOptions } from "../../../store/files/filesStore.ts";
import { copyRecordFile } from "../../../store/files/state/recordFile.ts";
import { RECORDS, StateDirectoryProblem } from "../../../store/files/state/stateDirectory.ts";
import type { FileProblem } from "../../../store/files/yaml/parsedFile.ts";
import { CliFailure, USAGE } from "../failure.ts";
import { problemLine } from "../problemLine.ts";
import { startReconciling } from "../reconcile/startReconciling.ts";
import { untilReconciled } from "../reconcile/untilReconciled.ts";
import { type FlatFolder, flatFolder } from "./flatFolder.ts";
import { withScratchFolder } from "./scratchFolder.ts";

/**
 * Sends the sink the projections that a verifier would have for a directory of YAML and its subdirectories. The reconcilers run over a copy of the state
 * directory, which is removed at the end. Key pairs come from the state directory, or from Secrets in the directory that Applications
 * import. Returns early when the signal aborts. Throws CliFailure when a directory cannot be read.
 */
export async function dryRun(
  directory: string,
  stateDirectory: string,
  sink: ProjectionSink,
  signal: AbortSignal,
): Promise<void> {
  if (!(await isDirectory(directory)))
    throw new CliFailure(`${directory} is not a directory: name a directory of YAML files`, USAGE);
  try {
    await withScratchFolder(async (folder) => {
      const state = join(folder, "state");
      await copyState(stateDirectory, state);
      await reconcileOnce(flatFolder(directory, folder), { stateDirectory: state, sink }, signal);
    });
  } catch (error) {
    throw error instanceof StateDirectoryProblem ? new CliFailure(error.message, USAGE) : error;
  }
}

/** Copies a state directory, whose process may be running. Throws CliFailure. */
export async function copyState(from: string, to: string): Promise<void> {
  if (!(await isDirectory(from))) return;
  const isCopied = (name: string) => !OWN_FILES.test(basename(name));
  try {
    await cp(from, to, { recursive: true, filter: isCopied });
    if (existsSync(join(from, RECORDS))) copyRecordFile(join(from, RECORDS), join(to, RECORDS));
  } catch (error) {
    throw new CliFailure(
      `the state directory ${from} cannot be read (${errorCode(error)}): check its permissions, or name another with --state-dir`,
      USAGE,
    );
  }
}

/** What belongs to the running process: its lock, and the records, which are copied by SQLite. */
const OWN_FILES = /^(lock|lock\.db|state\.db.*)$/;

async function reconcileOnce(
  { directory, originOf }: FlatFolder,
  options: Pick<FilesStoreOptions, "stateDirectory" | "sink">,
  signal: AbortSignal,
): Promise<void> {
  const done = new AbortController();
  const stop = AbortSignal.any([signal, done.signal]);
  try {
    const store = new FilesStore({
      ...options,
      directory,
      onProblems: (problems) =>
        printProblems(problems.map((problem) => ({ ...problem, file: originOf(problem.file) }))),
      graceMs: 0,
      isDryRun: true,
      className: "*",
    });
    await store.start(stop);
    const log = pino({ level: "silent" });
    const operator = startReconciling(store, { log, verifierPollMs: 5 }, stop);
    await untilReconciled(store, operator, stop);
    done.abort();
    await operator.stopped;
  } finally {
    done.abort();
  }
}

function printProblems(problems: readonly FileProblem[]): void {
  for (const problem of problems) process.stderr.write(`countersign: ${problemLine(problem)}\n`);
}

/** Whether there is a directory of this path. */
export async function isDirectory(path: string): Promise<boolean> {
  return await stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
}
