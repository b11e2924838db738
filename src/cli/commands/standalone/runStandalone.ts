import { statSync } from "node:fs";
import { systemClock } from "../../../base/clock.ts";
import type { Operator } from "../../../operator/controller.ts";
import { FilesStore } from "../../../store/files/filesStore.ts";
import { StateDirectoryProblem } from "../../../store/files/state/stateDirectory.ts";
import { UseRecorder } from "../../../verifier/lastUse/useRecorder.ts";
import type { Verifier } from "../../../verifier/verifier.ts";
import { CliFailure, USAGE } from "../../shared/failure.ts";
import { type LastUseFlags, lastUseOf } from "../../shared/flags/lastUseFlags.ts";
import type { VerifierFlags } from "../../shared/flags/verifierFlags.ts";
import { heapForServing, heapForStart } from "../../shared/heap/servingHeap.ts";
import { openVerifier } from "../../shared/openVerifier.ts";
import { programDigest } from "../../shared/programDigest.ts";
import { OperatorTelemetry } from "../../shared/reconcile/operatorTelemetry.ts";
import { startReconciling } from "../../shared/reconcile/startReconciling.ts";
import { untilReconciled } from "../../shared/reconcile/untilReconciled.ts";
import { type ServerProcess, serverProcess } from "../../shared/serverProcess.ts";
import { aborted } from "../../shared/untilSignal.ts";
import { TerminalReport } from "./terminalReport.ts";

export interface StandaloneFlags extends VerifierFlags, LastUseFlags {
  readonly stateDir: string;
  readonly class: string;
  /** Show it in the browser. */
  readonly console?: boolean;
  /** Whether --console opens the browser. */
  readonly open: boolean;
}

/** Short, because the acknowledgements come from this process. */
const VERIFIER_POLL_MS = 20;
/** All that they write within a turn of the event loop costs one sync of the disk, so a slow disk is no reason for fewer. */
const WORKERS = 256;

/** Runs operator and verifier over a directory until SIGINT or SIGTERM. Throws CliFailure. */
export async function runStandalone(directory: string, flags: StandaloneFlags): Promise<void> {
  heapForStart();
  const server = serverProcess(flags);
  const telemetry = new OperatorTelemetry(server.registry);
  const uses = flags.lastUse === true ? new UseRecorder(systemClock) : undefined;
  let isReady = false;
  const verifier = await openVerifier(flags, {
    logger: server.logger,
    isReady: () => isReady,
    staleness: () => 0,
    registry: server.registry,
    refresh: () => telemetry.refresh(),
    ...(uses ? { uses } : {}),
  });
  const report = new TerminalReport(printLine);
  const store = openStore(directory, flags, { verifier, uses, report });
  const stop = new AbortController();
  try {
    const operator = await reconcile(store, directory, { flags, server, telemetry, stop: stop.signal });
    report.follow(store, flags.stateDir);
    await untilReconciled(store, operator, server.signal);
    report.flush();
    heapForServing(flags.transport);
    isReady = !server.signal.aborted;
    const ports = await verifier.start();
    verifier.announce();
    printLine(`ready        gRPC ${ports.grpc}  metrics ${ports.metrics}`);
    const stopConsole = await openConsole(directory, flags, { store, verifier, metrics: ports.metrics });
    await aborted(server.signal);
    stopConsole();
    await verifier.stop();
    stop.abort();
    await operator.stopped;
  } catch (error) {
    stop.abort();
    throw error instanceof StateDirectoryProblem ? new CliFailure(error.message) : error;
  }
}

/** Starts the console where it was asked for. Returns what stops it. */
async function openConsole(
  directory: string,
  { console: isWanted = false, open }: StandaloneFlags,
  run: { readonly store: FilesStore; readonly verifier: Verifier; readonly metrics: string },
): Promise<() => void> {
  if (!isWanted) return () => undefined;
  const { serveConsole } = await import("../../shared/console/serveConsole.ts");
  const { standaloneOf } = await import("../../shared/console/filesSource.ts");
  const { store, verifier, metrics } = run;
  const source = standaloneOf(directory, { store, index: verifier.index, metrics });
  return (await serveConsole(source, { port: 0, open })).stop;
}

/** What a store reports to, and what it reports. */
interface Parts {
  readonly verifier: Verifier;
  readonly uses: UseRecorder | undefined;
  readonly report: TerminalReport;
}

function openStore(directory: string, flags: StandaloneFlags, { verifier, uses, report }: Parts): FilesStore {
  return new FilesStore({
    directory,
    stateDirectory: flags.stateDir,
    className: flags.class,
    program: programDigest(),
    sink: verifier.index,
    onProblems: (problems) => report.problems(problems),
    ...(uses ? { uses: () => reported(uses) } : {}),
  });
}

/** The operator of this process reads the report at once. */
function reported(uses: UseRecorder): string {
  const report = uses.report();
  uses.written();
  return report;
}

async function reconcile(
  store: FilesStore,
  directory: string,
  run: {
    readonly flags: StandaloneFlags;
    readonly server: ServerProcess;
    readonly telemetry: OperatorTelemetry;
    readonly stop: AbortSignal;
  },
): Promise<Operator> {
  const { flags, server, telemetry, stop } = run;
  await store.start(stop);
  requireDirectory(directory, store);
  telemetry.setLeading(true);
  const pace = { workers: WORKERS, hasFixedWorkers: true, verifierPollMs: VERIFIER_POLL_MS };
  const options = { log: server.logger, telemetry, ...pace, lastUse: lastUseOf(flags) };
  return startReconciling(store, options, stop);
}

/** The objects of a directory that was removed stay in effect. A directory that never existed is a mistake on the command line. */
function requireDirectory(directory: string, { applications, grants, domains }: FilesStore): void {
  const found = statSync(directory, { throwIfNoEntry: false });
  if (found?.isDirectory() || applications.size + grants.size + domains.size > 0) return;
  const problem = found ? `${directory} is not a directory` : `the directory ${directory} does not exist`;
  throw new CliFailure(`${problem}: create it, or name another`, USAGE);
}

function printLine(line: string): void {
  process.stdout.write(`${line}\n`);
}
