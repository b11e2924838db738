import { join } from "node:path";
import { pino } from "pino";
import type { ConsoleSource } from "../../../console/source.ts";
import { ProjectionIndex } from "../../../policy/index/projectionIndex.ts";
import { FilesStore } from "../../../store/files/filesStore.ts";
import { StateDirectoryProblem } from "../../../store/files/state/stateDirectory.ts";
import { copyState, isDirectory } from "../capture/dryRun.ts";
import { CliFailure, USAGE } from "../failure.ts";
import { LinkedFolder } from "../folders/linkedFolder.ts";
import { withScratchFolder } from "../folders/scratchFolder.ts";
import { startReconciling } from "../reconcile/startReconciling.ts";
import { untilReconciled } from "../reconcile/untilReconciled.ts";
import { directoryOf } from "./filesSource.ts";

/** Flags of a console over a directory. */
interface DirectoryConsoleFlags {
  readonly resources: string;
  readonly stateDir: string;
}

/**
 * Runs `work` with a directory of YAML and its subdirectories, watched. The reconcilers run over a copy of the state directory, so the
 * states are those that `standalone` would report, and nothing is written. Throws CliFailure if the directory cannot be read.
 */
export async function withDirectorySource(
  { resources, stateDir }: DirectoryConsoleFlags,
  signal: AbortSignal,
  work: (source: ConsoleSource) => Promise<void>,
): Promise<void> {
  if (!(await isDirectory(resources)))
    throw new CliFailure(`${resources} is not a directory: name a directory of YAML files`, USAGE);
  const stop = new AbortController();
  try {
    await withScratchFolder(async (folder) => {
      const stateDirectory = join(folder, "state");
      await copyState(stateDir, stateDirectory);
      const directory = join(folder, "resources");
      const ended = AbortSignal.any([signal, stop.signal]);
      new LinkedFolder(resources, directory).follow(ended);
      // The index stands for the verifier that the operator waits for.
      const sink = new ProjectionIndex();
      const store = new FilesStore({ directory, stateDirectory, sink, isDryRun: true, className: "*" });
      await store.start(ended);
      const known = new Set([...store.projections.values()].map(({ name }) => name));
      const operator = startReconciling(store, { log: pino({ level: "silent" }), verifierPollMs: 50 }, ended);
      await untilReconciled(store, operator, ended);
      await work(directoryOf(resources, { store, index: sink, known }));
      stop.abort();
      await operator.stopped;
    }, false);
  } catch (error) {
    throw error instanceof StateDirectoryProblem ? new CliFailure(error.message, USAGE) : error;
  } finally {
    stop.abort();
  }
}
