import { Agent } from "node:http";
import { loadAccess } from "../../src/store/kube/access.ts";
import { Connection } from "../../src/store/kube/connection.ts";
import type { ApiServer } from "../../test/support/apiServer.ts";
import { startEnvoyFor } from "../../test/support/cluster.ts";
import { reservePort } from "../../test/support/ports.ts";
import { startUpstream } from "../../test/support/upstream.ts";
import { startControlPlane } from "./controlPlane.ts";
import { type Keeper, startProgram } from "./programs.ts";
import { RunningOperator } from "./runningOperator.ts";

/** API server, operator, verifier, Envoy and an upstream as they run in a cluster, not pinned to a core. */
export interface LiveCluster {
  readonly server: ApiServer;
  /** As administrator. */
  readonly connection: Connection;
  /** Envoy's port. */
  readonly port: number;
  /** Keeps connections to Envoy. */
  readonly agent: Agent;
  readonly operator: RunningOperator;
}

/** Starts them; the lab stops them. */
export async function startLiveCluster(lab: Keeper): Promise<LiveCluster> {
  lab.say("starting an API server, operator, verifier and Envoy …");
  const server = await startControlPlane();
  lab.defer(() => server.stop());
  const operator = await RunningOperator.start(server, lab);
  const grpc = await reservePort();
  const verifier = await startProgram(lab, server, "verifier", 0, [
    "--listen",
    `127.0.0.1:${grpc}`,
    "--drain",
    "0s",
  ]);
  const upstream = await startUpstream();
  lab.defer(() => upstream.stop());
  const envoy = await startEnvoyFor([grpc], upstream.port);
  lab.defer(() => envoy.stop());
  await verifier.waitFor(/"msg":"ready"/, 60_000);
  const connection = new Connection(loadAccess({ kubeconfig: server.kubeconfig }));
  const agent = new Agent({ keepAlive: true });
  lab.defer(async () => agent.destroy());
  lab.defer(() => connection.close());
  return { server, connection, agent, operator, port: await envoy.listenerPort("in") };
}
