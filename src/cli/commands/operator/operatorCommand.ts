import { randomBytes, randomUUID } from "node:crypto";
import { hostname } from "node:os";
import { Command, InvalidArgumentError, Option } from "commander";
import { systemClock } from "../../../base/clock.ts";
import { createLogger, type Logger } from "../../../observe/logger.ts";
import {
  type OperatorMetrics,
  operatorGauges,
  operatorMeter,
  operatorMetrics,
  resourceOf,
} from "../../../observe/operatorMetrics.ts";
import { ProbeServer } from "../../../observe/probes.ts";
import { type Operator, startOperator } from "../../../operator/controller.ts";
import type { Store } from "../../../store/store.ts";
import { connect } from "../../shared/connect.ts";
import {
  type ClusterFlags,
  classOption,
  clusterOptions,
  durationOption,
  logOption,
  metricsOption,
  systemNamespaceOption,
} from "../../shared/flags.ts";
import { createRegistry } from "../../shared/registry.ts";
import { untilSignal } from "../../shared/untilSignal.ts";
import { podCreatedAt } from "./ownPod.ts";

interface Flags extends ClusterFlags {
  readonly systemNamespace: string;
  readonly metricsListen: string;
  readonly logLevel: string;
  readonly workers: number;
  readonly class: string;
  readonly restore?: boolean;
  /** Milliseconds. */
  readonly leaderLease: number;
}

/** `countersign operator`: turns the three kinds into Secrets; of several processes one works, the others wait. */
export function operatorCommand(): Command {
  const command = new Command("operator")
    .summary("turn Applications, ApiGrants and ApiDomains into Secrets")
    .description(
      "Reconciles Applications, ApiGrants and ApiDomains of a cluster into credentials Secrets and projections, and waits for the verifiers to apply them. Run as many as you like: one leads, the others wait for its Lease.",
    );
  for (const option of [
    metricsOption("0.0.0.0"),
    logOption("info"),
    ...clusterOptions(),
    systemNamespaceOption(),
    classOption(),
  ])
    command.addOption(option);
  return command
    .addOption(
      new Option("--workers <n>", "how many objects are worked on at a time").argParser(workers).default(8),
    )
    .addOption(
      durationOption(
        "--leader-lease <duration>",
        "how long after a leader's death another one takes over",
        "15s",
      ),
    )
    .option(
      "--restore",
      "after a disaster: let objects that are created again adopt their namesakes' ids and keys (docs/disaster-recovery.md)",
    )
    .addHelpText(
      "after",
      "\nIts rights are in manifests/rights, a whole installation in helm/countersign:\n  $ kubectl apply --server-side -k manifests/rights\n",
    )
    .action(operate);
}

async function operate(flags: Flags): Promise<void> {
  const signal = untilSignal();
  const log = createLogger(flags.logLevel);
  const { connection, kube } = await connect(flags);
  const registry = createRegistry();
  const metrics = operatorMetrics(registry);
  const gauges = operatorGauges(registry);
  let operator: Operator | undefined;
  const probes = new ProbeServer({
    listen: flags.metricsListen,
    registry,
    isReady: () => !signal.aborted,
    refresh: () => gauges(operator?.figures()),
  });
  log.info({ metrics: await probes.start() }, "waiting for the leader Lease");
  const instance = process.env.POD_NAME ?? hostname();
  const identity = `${instance}_${randomUUID()}`;
  const election = new kube.LeaderElection(connection, {
    ...electionOptions(flags, identity),
    podCreatedAt: () => podCreatedAt(connection, flags.systemNamespace, process.env),
  });
  const store = () =>
    new kube.KubeStore(connection, {
      dataNamespace: flags.dataNamespace,
      systemNamespace: flags.systemNamespace,
      className: flags.class,
      instance,
      hooks: {
        onRestart: (resource, why) => {
          metrics.watchRestarts.inc({ resource: resourceOf(resource) });
          log.warn({ resource, reason: why }, "a watch is begun anew");
        },
      },
    });
  await election.lead(signal, async (leading) => {
    metrics.leading.set(1);
    log.info({ identity }, "leading");
    try {
      operator = await begin(store(), { flags, log, metrics }, leading);
      await operator.stopped;
    } catch (error) {
      if (!leading.aborted) throw error;
    } finally {
      operator = undefined;
      metrics.leading.set(0);
      log.info({ identity }, "not leading");
    }
  });
  await probes.stop();
  await connection.close();
}

function electionOptions({ systemNamespace, leaderLease }: Flags, identity: string) {
  return {
    identity,
    namespace: systemNamespace,
    leaseDurationMs: leaderLease,
    renewDeadlineMs: (leaderLease * 2) / 3,
    retryPeriodMs: (leaderLease * 2) / 15,
  };
}

async function begin(
  store: Store,
  { flags, log, metrics }: { readonly flags: Flags; readonly log: Logger; readonly metrics: OperatorMetrics },
  leading: AbortSignal,
): Promise<Operator> {
  await store.start(leading);
  log.info({ applications: store.applications.size, grants: store.grants.size }, "reconciling");
  const restore = flags.restore === true;
  if (restore) log.warn({}, "restoring: projections without an object are kept until it is back");
  const meter = operatorMeter(metrics);
  const environment = { clock: systemClock, random: randomBytes, log, meter, restore };
  return startOperator(store, { ...environment, workers: flags.workers }, leading);
}

function workers(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1 || value > 256)
    throw new InvalidArgumentError("Write a number from 1 to 256.");
  return value;
}
