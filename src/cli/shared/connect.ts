import type { Access } from "../../store/kube/access.ts";
import type { Connection } from "../../store/kube/connection.ts";
import { CliFailure, USAGE } from "./failure.ts";
import type { ClusterFlags } from "./flags/clusterFlags.ts";

/** Loads the code for the API server. Only the commands that need it do so, since it takes 400 ms. */
async function loadKube() {
  const [access, connection, store, cluster, election] = await Promise.all([
    import("../../store/kube/access.ts"),
    import("../../store/kube/connection.ts"),
    import("../../store/kube/kubeStore.ts"),
    import("../../store/kube/verifierCluster.ts"),
    import("../../store/kube/leases/leaderElection.ts"),
  ]);
  return { ...access, ...connection, ...store, ...cluster, ...election };
}

/** Connects to the cluster that the flags name. Throws CliFailure when no kubeconfig can be used. */
export async function connect(flags: ClusterFlags): Promise<{
  readonly connection: Connection;
  readonly access: Access;
  readonly kube: Awaited<ReturnType<typeof loadKube>>;
}> {
  const kube = await loadKube();
  try {
    const access = kube.loadAccess({ kubeconfig: flags.kubeconfig, context: flags.context });
    return { connection: new kube.Connection(access), access, kube };
  } catch (error) {
    const reason = error instanceof Error ? error.message : "none was found";
    throw new CliFailure(`the kubeconfig cannot be used: ${reason}`, USAGE);
  }
}
