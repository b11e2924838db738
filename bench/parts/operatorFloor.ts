import { API_VERSION } from "../../src/api/names.ts";
import { Secret } from "../../src/api/secret.ts";
import { loadAccess } from "../../src/store/kube/access.ts";
import { Connection, type Method } from "../../src/store/kube/connection.ts";
import { credentialsSecret } from "../../src/store/kube/manifests.ts";
import { kindPath, objectPath, secretsPath } from "../../src/store/kube/paths.ts";
import { applicationManifest } from "../../test/support/manifests.ts";
import { startControlPlane } from "../lab/controlPlane.ts";
import { figuresOf } from "../lab/processFigures.ts";
import { type Member, members, namespaces } from "../lab/world.ts";

/** As many as the operator reconciles concurrently at most. */
const IN_FLIGHT = 32;
const TIME = "2026-01-01T00:00:00Z";

/** What a bare client used. */
export interface Floor {
  readonly seconds: number;
  /** CPU time of API server and etcd, in seconds. */
  readonly cpuSeconds: number;
}

/**
 * What a bare client takes on this machine, on an API server of its own, for the writes that no operator can do without: for each
 * Application its creation, one Secret, and one status. It has no finalizer, no projection, no watch and no verifier.
 */
export async function measureFloor(count: number): Promise<Floor> {
  const server = await startControlPlane();
  const connection = new Connection(loadAccess({ kubeconfig: server.kubeconfig }));
  try {
    const items = namespaces(count);
    await server.apply(JSON.stringify({ apiVersion: "v1", kind: "List", items }));
    const before = figuresOf(server.pids).cpuSeconds;
    const began = performance.now();
    await inFlight(members(count), (one) => writeAll(connection, one));
    const seconds = (performance.now() - began) / 1_000;
    return { seconds, cpuSeconds: figuresOf(server.pids).cpuSeconds - before };
  } finally {
    await connection.close();
    await server.stop();
  }
}

/** Does the work for all of them, for 32 at a time. */
export async function inFlight<T>(all: readonly T[], work: (one: T) => Promise<unknown>): Promise<void> {
  const left = all.values();
  const worker = async () => {
    for (const one of left) await work(one);
  };
  await Promise.all(Array.from({ length: IN_FLIGHT }, worker));
}

/** Creates the Application of a member; returns the object. */
export async function createApplication(connection: Connection, one: Member): Promise<Created> {
  const path = kindPath("Application", one.namespace);
  return (await written(connection, "POST", path, applicationManifest(one.name, one.namespace))) as Created;
}

interface Created {
  readonly metadata: { readonly uid: string; readonly resourceVersion: string };
}

async function writeAll(connection: Connection, one: Member): Promise<void> {
  const { namespace, name } = one;
  const { uid, resourceVersion } = (await createApplication(connection, one)).metadata;
  const content = {
    ...{ namespace, name: `${name}-credentials`, applicationId: one.applicationId },
    owner: { kind: "Application", namespace, name, uid },
    ...{ apiAppKey: one.credentials.key, apiAppSecret: Secret.of(one.credentials.secret) },
  } as const;
  await written(connection, "POST", secretsPath(namespace), credentialsSecret(content));
  const path = `${objectPath(kindPath("Application", namespace), name)}/status`;
  const head = { apiVersion: API_VERSION, kind: "Application" };
  const object = {
    ...head,
    metadata: { namespace, name, resourceVersion },
    status: statusOf(one),
  };
  await written(connection, "PUT", path, object);
}

/** As long as the one that the operator writes. */
function statusOf({ name, applicationId, credentials }: Member) {
  const conditions = ["Accepted", "CredentialsReady", "Programmed", "Ready"].map((type) => ({
    ...{ type, status: "True", reason: "Measured", observedGeneration: 1, lastTransitionTime: TIME },
    message: "A message of about the usual length of a sentence",
  }));
  const keys = [{ apiAppKey: credentials.key, state: "Active", createdAt: TIME }];
  const grants = { count: 0, items: [] };
  const secretName = `${name}-credentials`;
  return { applicationId, secretName, keys, keysCount: 1, grants, observedGeneration: 1, conditions };
}

async function written(connection: Connection, method: Method, path: string, body: object): Promise<unknown> {
  const answer = await connection.request(method, path, { body });
  if (answer.status >= 300) throw new Error(`the API server answered ${answer.status} to ${method} ${path}`);
  return answer.body;
}
