import { Agent } from "node:http";
import { loadAccess } from "../../src/store/kube/access.ts";
import { Connection } from "../../src/store/kube/connection.ts";
import type { ApiServer } from "../../test/support/apiServer.ts";
import { Program } from "../../test/support/childProcess.ts";
import { startEnvoyFor } from "../../test/support/cluster.ts";
import { freshBundle } from "../../test/support/freshBundle.ts";
import { reservePort } from "../../test/support/ports.ts";
import { startUpstream } from "../../test/support/upstream.ts";
import { startControlPlane } from "./controlPlane.ts";
import { figuresOf, type ProcessFigures, processTree } from "./processFigures.ts";

/** Stops what was started, in the end. */
interface Keeper {
  readonly say: (line: string) => void;
  defer(stop: () => Promise<unknown>): void;
}

/** API server, operator, verifier, Envoy and an upstream as they run in a cluster, not pinned to a core. */
export interface LiveCluster {
  readonly server: ApiServer;
  /** As administrator. */
  readonly connection: Connection;
  /** Envoy's port. */
  readonly port: number;
  /** Keeps connections to Envoy. */
  readonly agent: Agent;
  readonly operatorFigures: () => ProcessFigures;
}

/** Starts them; the lab stops them. */
export async function startLiveCluster(lab: Keeper): Promise<LiveCluster> {
  lab.say("starting an API server, operator, verifier and Envoy …");
  const server = await startControlPlane();
  lab.defer(() => server.stop());
  const operator = await startProgram(lab, server, "operator", ["--leader-lease", "2s"]);
  const grpc = await reservePort();
  const verifier = await startProgram(lab, server, "verifier", [
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
  return {
    ...{ server, connection, agent, port: await envoy.listenerPort("in") },
    operatorFigures: () => figuresOf(processTree(operator.pid)),
  };
}

/** With the rights of manifests/, under a Pod's name. */
async function startProgram(
  lab: Keeper,
  server: ApiServer,
  name: "operator" | "verifier",
  flags: readonly string[],
): Promise<Program> {
  const account = `countersign-${name}`;
  const pod = await server.createPod("countersign-system", `${name}-0`, account);
  const kubeconfig = await server.kubeconfigFor("countersign-system", account, pod);
  const args = [name, "--metrics-listen", "127.0.0.1:0", "--kubeconfig", kubeconfig, ...flags];
  const program = new Program(process.execPath, [freshBundle(), ...args], {
    name,
    env: { ...process.env, POD_NAME: pod.name, POD_UID: pod.uid, POD_NAMESPACE: "countersign-system" },
  });
  lab.defer(() => program.stop());
  return program;
}
