import { randomUUID } from "node:crypto";
import type { Projection } from "../../src/projection/documents.ts";
import { projectionSecret } from "../../src/store/kube/manifests.ts";
import { type ApiServer, startApiServer } from "../../test/support/apiServer.ts";

/** etcd takes so many operations in a transaction by default. */
const OPERATIONS = 128;
const IN_FLIGHT = 4;

/** A real API server with the objects of manifests/ in it, and no operator. */
export async function startControlPlane(): Promise<ApiServer> {
  const server = await startApiServer();
  try {
    await server.kubectl(["apply", "--server-side", "-k", "manifests"]);
    await server.kubectl(["wait", "--for=condition=Established", "crd", "--all"]);
    return server;
  } catch (error) {
    await server.stop();
    throw error;
  }
}

/**
 * Writes projection Secrets into etcd, as the API server would keep them: a hundred thousand in seconds instead of minutes. What is
 * measured afterwards, the API server serves.
 */
export async function seed(
  server: ApiServer,
  namespace: string,
  documents: readonly Projection[],
): Promise<void> {
  const puts = documents.map((document) => putOf(namespace, document));
  const batches = Array.from({ length: Math.ceil(puts.length / OPERATIONS) }, (_, number) =>
    puts.slice(number * OPERATIONS, (number + 1) * OPERATIONS),
  );
  const work = batches.values();
  const worker = async () => {
    for (const batch of work) await transact(server.etcdUrl, batch);
  };
  await Promise.all(Array.from({ length: IN_FLIGHT }, worker));
}

function putOf(namespace: string, document: Projection): object {
  const secret = projectionSecret(document, "Removal", namespace);
  const creationTimestamp = "2026-01-01T00:00:00Z";
  const stored = { ...secret, metadata: { ...secret.metadata, uid: randomUUID(), creationTimestamp } };
  const key = `/registry/secrets/${namespace}/${secret.metadata.name}`;
  return { request_put: { key: base64(key), value: base64(JSON.stringify(stored)) } };
}

async function transact(url: string, success: readonly object[]): Promise<void> {
  await post(`${url}/v3/kv/txn`, { success });
}

async function post(url: string, body: object): Promise<void> {
  const answer = await fetch(url, { method: "POST", body: JSON.stringify(body) });
  if (!answer.ok) throw new Error(`${url}: ${answer.status} ${await answer.text()}`);
}

function base64(text: string): string {
  return Buffer.from(text, "utf8").toString("base64");
}
