import { Option } from "commander";
import { ProjectionIndex } from "../../../policy/index/projectionIndex.ts";
import { StoreUnavailable } from "../../../store/store.ts";
import { connect } from "../connect.ts";
import { CliFailure, USAGE } from "../failure.ts";
import type { ClusterFlags } from "../flags/clusterFlags.ts";
import { aborted, interrupted } from "../untilSignal.ts";
import { dryRun } from "./dryRun.ts";

export interface ResourceFlags extends ClusterFlags {
  readonly resources?: string;
  readonly stateDir: string;
}

/** The options that name the objects on which decisions depend. */
export function resourceOptions(): readonly Option[] {
  return [
    new Option(
      "--resources <directory>",
      "decide by the objects in this directory of YAML files, and in its subdirectories, instead of those of the cluster",
    ).conflicts(["kubeconfig", "context", "dataNamespace"]),
    new Option("--state-dir <directory>", "where `standalone` keeps the key pairs of that directory").default(
      ".countersign",
    ),
  ];
}

/**
 * Reads the projections of a directory, or of the cluster that the flags name. Throws CliFailure when either cannot be read, or
 * when the signal aborts. Leaves no temporary file in any case.
 */
export async function readIndex(flags: ResourceFlags, signal: AbortSignal): Promise<ProjectionIndex> {
  const index = new ProjectionIndex();
  if (flags.resources !== undefined) await dryRun(flags.resources, flags.stateDir, index, signal);
  else await readCluster(flags, index, signal);
  if (signal.aborted) throw interrupted(signal);
  return index;
}

async function readCluster(flags: ClusterFlags, index: ProjectionIndex, signal: AbortSignal): Promise<void> {
  const { connection, kube } = await connect(flags);
  const cluster = new kube.KubeVerifierCluster(connection, { dataNamespace: flags.dataNamespace });
  try {
    await Promise.race([cluster.list(index), aborted(signal)]);
  } catch (error) {
    if (!(error instanceof StoreUnavailable)) throw error;
    throw new CliFailure(`the cluster cannot be read: ${error.message}`, USAGE);
  } finally {
    await connection.close();
  }
}
