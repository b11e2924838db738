import { randomUUID } from "node:crypto";
import { hostname } from "node:os";
import type { Logger } from "../../../observe/logger.ts";
import { ProbeServer } from "../../../observe/probes.ts";
import type { KubeStoreOptions } from "../../../store/kube/kubeStore.ts";
import type { Store } from "../../../store/store.ts";
import { connect } from "../../shared/connect.ts";
import type { ClusterFlags } from "../../shared/flags/clusterFlags.ts";
import { type LastUseFlags, lastUseOf } from "../../shared/flags/lastUseFlags.ts";
import { compactHeap } from "../../shared/heap/compactHeap.ts";
import { OperatorTelemetry } from "../../shared/reconcile/operatorTelemetry.ts";
import { startReconciling } from "../../shared/reconcile/startReconciling.ts";
import { type ServerProcess, serverProcess } from "../../shared/serverProcess.ts";
import { podCreatedAt } from "./ownPod.ts";

export interface OperatorFlags extends ClusterFlags, LastUseFlags {
  readonly systemNamespace: string;
  readonly metricsListen: string;
  readonly logLevel: string;
  readonly workers: number;
  readonly class: string;
  readonly restore?: boolean;
  /** Milliseconds. */
  readonly leaderLease: number;
}

/** One operator process, with its log and its metrics. */
interface OperatorProcess {
  readonly flags: OperatorFlags;
  readonly log: Logger;
  readonly telemetry: OperatorTelemetry;
  /** The name of its Pod or machine. */
  readonly instance: string;
}

/** Waits for the leader Lease and reconciles while it holds it, until SIGINT or SIGTERM. Throws CliFailure. */
export async function runOperator(flags: OperatorFlags): Promise<void> {
  compactHeap();
  const server = serverProcess(flags);
  const { signal, logger: log } = server;
  const { connection, kube } = await connect(flags);
  const telemetry = new OperatorTelemetry(server.registry);
  const probes = openProbes(flags, server, telemetry);
  log.info({ metrics: await probes.start() }, "waiting for the leader Lease");
  const instance = process.env.POD_NAME ?? hostname();
  const operator: OperatorProcess = { flags, log, telemetry, instance };
  const identity = `${instance}_${randomUUID()}`;
  const election = new kube.LeaderElection(connection, {
    ...electionOptions(flags, identity),
    podCreatedAt: () => podCreatedAt(connection, flags.systemNamespace, process.env),
  });
  await election.lead(signal, (leading) =>
    lead(new kube.KubeStore(connection, storeOptions(operator)), operator, identity, leading),
  );
  await probes.stop();
  await connection.close();
}

function openProbes(
  { metricsListen }: OperatorFlags,
  { signal, registry }: ServerProcess,
  telemetry: OperatorTelemetry,
): ProbeServer {
  return new ProbeServer({
    listen: metricsListen,
    registry,
    isReady: () => !signal.aborted,
    refresh: () => telemetry.refresh(),
  });
}

/** Reconciles until `leading` aborts, which is when the Lease is lost or the process has to stop. */
async function lead(
  store: Store,
  { flags, log, telemetry }: OperatorProcess,
  identity: string,
  leading: AbortSignal,
): Promise<void> {
  telemetry.setLeading(true);
  log.info({ identity }, "leading");
  try {
    await store.start(leading);
    log.info({ applications: store.applications.size, grants: store.grants.size }, "reconciling");
    const { workers, restore = false } = flags;
    if (restore) log.warn({}, "restoring: projections without an object are kept until the object is back");
    const lastUse = lastUseOf(flags);
    await startReconciling(store, { log, telemetry, workers, restore, lastUse }, leading).stopped;
  } catch (error) {
    if (!leading.aborted) throw error;
  } finally {
    telemetry.setLeading(false);
    log.info({ identity }, "not leading");
  }
}

function electionOptions({ systemNamespace, leaderLease }: OperatorFlags, identity: string) {
  return {
    identity,
    namespace: systemNamespace,
    leaseDurationMs: leaderLease,
    renewDeadlineMs: (leaderLease * 2) / 3,
    retryPeriodMs: (leaderLease * 2) / 15,
  };
}

function storeOptions({ flags, log, telemetry, instance }: OperatorProcess): KubeStoreOptions {
  return {
    dataNamespace: flags.dataNamespace,
    systemNamespace: flags.systemNamespace,
    className: flags.class,
    instance,
    hooks: {
      onRestart: (resource, reason) => {
        telemetry.watchRestarted(resource);
        log.warn({ resource, reason }, "a watch was restarted");
      },
    },
  };
}
