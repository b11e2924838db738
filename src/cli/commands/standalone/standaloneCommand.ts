import { randomBytes } from "node:crypto";
import { statSync } from "node:fs";
import { Command } from "commander";
import type { Registry } from "prom-client";
import { systemClock } from "../../../base/clock.ts";
import { createLogger, type Logger } from "../../../observe/logger.ts";
import { operatorGauges, operatorMeter, operatorMetrics } from "../../../observe/operatorMetrics.ts";
import { type Operator, startOperator } from "../../../operator/controller.ts";
import { FilesStore } from "../../../store/files/filesStore.ts";
import { StateDirectoryProblem } from "../../../store/files/stateDirectory.ts";
import { Verifier } from "../../../verifier/verifier.ts";
import { CliFailure, USAGE } from "../../shared/failure.ts";
import { classOption, type VerifierFlags, verifierOptions } from "../../shared/flags.ts";
import { needs } from "../../shared/needs.ts";
import { createRegistry } from "../../shared/registry.ts";
import { openVerifierOptions } from "../../shared/serving.ts";
import { settled } from "../../shared/settled.ts";
import { TLS_HELP } from "../../shared/tls.ts";
import { aborted, untilSignal } from "../../shared/untilSignal.ts";
import { Report } from "./terminalReport.ts";

interface Flags extends VerifierFlags {
  readonly stateDir: string;
  readonly class: string;
}

const EXAMPLES = `
Examples:
  $ countersign standalone ./resources
  $ countersign envoy-config --upstream http://127.0.0.1:3000 --resources ./resources > envoy.yaml

The directory is read as \`kubectl apply -f\` reads it, and watched. What a broken file last declared well stays in force.
A file that is gone for 2 s counts as deleted. Generated key pairs lie in the state directory, which belongs in no repository:
  .countersign/credentials/<namespace>/<name>.yaml
`;

/** `countersign standalone`: operator and verifier in one process, over a directory of YAML. */
export function standaloneCommand(): Command {
  const command = new Command("standalone")
    .summary("do it all in one process, over a directory of YAML")
    .description(
      "Reconciles the Applications, ApiGrants and ApiDomains of a directory and answers Envoy's checks, without a cluster. Prints a line for each object whenever its conditions change.",
    )
    .argument("<directory>", "directory of YAML or JSON files");
  // The report on standard output says what happens; the log adds what needs attention.
  const defaults = { host: "127.0.0.1", drain: "0s", logLevel: "warn" } as const;
  for (const option of verifierOptions(defaults)) command.addOption(option);
  return needs(command, { tlsMaxConnectionAge: ["tlsDir"] })
    .option("--state-dir <directory>", "where identities, key pairs and projections are kept", ".countersign")
    .addOption(classOption())
    .addHelpText("after", EXAMPLES + TLS_HELP)
    .action(standalone);
}

async function standalone(directory: string, flags: Flags): Promise<void> {
  const signal = untilSignal();
  const logger = createLogger(flags.logLevel);
  const registry = createRegistry();
  const gauges = operatorGauges(registry);
  let operator: Operator | undefined;
  let isReady = false;
  const verifier = new Verifier(await openVerifierOptions(flags), {
    logger,
    isReady: () => isReady,
    staleness: () => 0,
    registry,
    refresh: () => gauges(operator?.figures()),
  });
  const report = new Report((line) => process.stdout.write(`${line}\n`));
  const stop = new AbortController();
  const store = new FilesStore({
    directory,
    stateDirectory: flags.stateDir,
    className: flags.class,
    sink: verifier.index,
    onProblems: (problems) => report.problems(problems),
  });
  try {
    await store.start(stop.signal);
    refuseNothing(directory, store);
    operator = reconcile(store, logger, registry, stop.signal);
    report.follow(store, flags.stateDir);
    await settled(store, operator, signal);
    isReady = !signal.aborted;
    const ports = await verifier.start();
    verifier.announce();
    report.flush();
    process.stdout.write(`ready        gRPC ${ports.grpc}  metrics ${ports.metrics}\n`);
    await aborted(signal);
    await verifier.stop();
    stop.abort();
    await operator.stopped;
  } catch (error) {
    stop.abort();
    throw error instanceof StateDirectoryProblem ? new CliFailure(error.message) : error;
  }
}

/** A directory that went away keeps what it declared; one that never was is a slip of the pen. */
function refuseNothing(directory: string, { applications, grants, domains }: FilesStore): void {
  const found = statSync(directory, { throwIfNoEntry: false });
  if (found?.isDirectory() || applications.size + grants.size + domains.size > 0) return;
  const problem = found ? `${directory} is not a directory` : `there is no directory ${directory}`;
  throw new CliFailure(`${problem}: make it, or name another`, USAGE);
}

function reconcile(store: FilesStore, logger: Logger, registry: Registry, signal: AbortSignal): Operator {
  const metrics = operatorMetrics(registry);
  const meter = operatorMeter(metrics);
  metrics.leading.set(1);
  const environment = { clock: systemClock, random: randomBytes, log: logger, meter };
  return startOperator(store, { ...environment, verifierPollMs: 20 }, signal);
}
