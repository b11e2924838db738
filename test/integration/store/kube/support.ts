import { KINDS } from "../../../../src/api/crds.ts";
import { Backoff } from "../../../../src/base/backoff.ts";
import { loadAccess } from "../../../../src/store/kube/access.ts";
import { Connection } from "../../../../src/store/kube/connection.ts";
import { KubeStore } from "../../../../src/store/kube/kubeStore.ts";
import type { Manifest } from "../../../store/behaviour.ts";
import { type ApiServer, startApiServer } from "../../../support/apiServer.ts";

/** An API server with our CRDs, rights and admission policies. */
export async function startCountersignServer(): Promise<ApiServer> {
  const server = await startApiServer();
  await server.kubectl(["apply", "--server-side", "-k", "manifests"]);
  await server.crdsServed();
  return server;
}

export function adminConnection(server: ApiServer): Connection {
  return new Connection(loadAccess({ kubeconfig: server.kubeconfig }));
}

export async function operatorConnection(server: ApiServer): Promise<Connection> {
  const kubeconfig = await server.kubeconfigFor("countersign-system", "countersign-operator");
  return new Connection(loadAccess({ kubeconfig }));
}

/** A started store that can be stopped without its connection, and what its reflectors reported. */
export async function startStore(connection: Connection, silenceMs = 150_000) {
  const controller = new AbortController();
  const restarts: string[] = [];
  const store = new KubeStore(connection, {
    instance: "test",
    hooks: { onRestart: (resource, why) => restarts.push(`${resource}: ${why}`) },
    times: {
      watch: () => ({ seconds: 300, silenceMs }),
      backoff: () => new Backoff({ firstMs: 50, longestMs: 500 }),
    },
  });
  await store.start(controller.signal);
  return { store, restarts, stop: () => controller.abort() };
}

/** The path of a manifest's object. */
export function pathOf({ apiVersion, kind, metadata }: Manifest): string {
  const root = apiVersion === "v1" ? "/api/v1" : `/apis/${apiVersion}`;
  const plural = KINDS.find((known) => known.kind === kind)?.plural ?? `${kind.toLowerCase()}s`;
  const namespace = metadata.namespace === undefined ? "" : `/namespaces/${metadata.namespace}`;
  return `${root}${namespace}/${plural}/${metadata.name}`;
}

/** As `kubectl apply` does it, without starting kubectl; returns the object. */
export async function apply(admin: Connection, manifest: Manifest): Promise<unknown> {
  const { status, body } = await admin.request("PATCH", pathOf(manifest), {
    query: { fieldManager: "test", force: "true" },
    contentType: "application/apply-patch+yaml",
    body: manifest,
  });
  if (status >= 300) throw new Error(`apply was answered ${status}: ${JSON.stringify(body)}`);
  return body;
}

/** As `kubectl delete --wait=false` does it. */
export async function remove(admin: Connection, manifest: Manifest): Promise<void> {
  const { status, body } = await admin.request("DELETE", pathOf(manifest));
  if (status >= 300) throw new Error(`delete was answered ${status}: ${JSON.stringify(body)}`);
}
