import { Option } from "commander";
import { ProjectionIndex } from "../../policy/projectionIndex.ts";
import { connect } from "../connect.ts";
import type { ClusterFlags } from "../flags.ts";
import { dryRun } from "./dryRun.ts";

export interface ResourceFlags extends ClusterFlags {
  readonly resources?: string;
  readonly stateDir: string;
}

/** Options that name the objects to decide by. */
export function resourceOptions(): readonly Option[] {
  return [
    new Option("--resources <directory>", "decide by this directory of YAML instead of the cluster"),
    new Option("--state-dir <directory>", "where `standalone` keeps the key pairs of that directory").default(
      ".countersign",
    ),
  ];
}

/** What a verifier would know: of a directory, or of the cluster that the flags name. */
export async function readIndex(flags: ResourceFlags): Promise<ProjectionIndex> {
  const index = new ProjectionIndex();
  if (flags.resources !== undefined) {
    await dryRun(flags.resources, flags.stateDir, index);
    return index;
  }
  const { connection, kube } = await connect(flags);
  try {
    await new kube.KubeVerifierCluster(connection, { dataNamespace: flags.dataNamespace }).list(index);
  } finally {
    await connection.close();
  }
  return index;
}
