import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { loadAccess } from "../../../../src/store/kube/access.ts";
import { Connection } from "../../../../src/store/kube/connection.ts";
import { KubeStore } from "../../../../src/store/kube/kubeStore.ts";
import { StoreUnavailable } from "../../../../src/store/store.ts";
import type { ApiServer } from "../../../support/apiServer.ts";
import { type CutOff, startCutOff } from "../../../support/cutOff.ts";
import { grant } from "../../../support/documents.ts";
import { eventually } from "../../../support/events.ts";
import { applicationManifest } from "../../../support/manifests.ts";
import { startVerifierOver } from "../../operator/support.ts";
import { adminConnection, apply, startCountersignServer, startStore } from "./support.ts";

let server: ApiServer;
let admin: Connection;
/** The way of the second API server to etcd. */
let way: CutOff;
/** To the second API server; impatient, since what it cannot answer it may hold for a minute. */
let replica: Connection;
let running: Awaited<ReturnType<typeof startStore>>;
let verifier: Awaited<ReturnType<typeof startVerifierOver>>;

beforeAll(async () => {
  server = await startCountersignServer();
  admin = adminConnection(server);
  running = await startStore(admin);
  await apply(admin, applicationManifest("before", "default"));
  way = await startCutOff(server.etcdUrl);
  const url = await server.startReplica(way.port);
  const { kubeconfig } = server;
  const access = loadAccess({ kubeconfig });
  replica = new Connection({ ...bound(access), server: new URL(url) }, { timeoutMs: 3_000 });
  // An API server watches a custom resource from its first request on.
  await eventually(async () => namesOf((await fromCache()).body).includes("before"), { timeoutMs: 60_000 });
  verifier = await startVerifierOver(replica, "verifier", 4_000, 60_000);
}, 180_000);
afterAll(async () => {
  way?.restore();
  await verifier?.stop();
  running?.stop();
  await replica?.close();
  await admin?.close();
  await way?.stop();
  await server?.stop();
});

/** Its methods, for an access to another server. */
function bound(access: ReturnType<typeof loadAccess>) {
  const { context, namespace } = access;
  return {
    proxy: undefined,
    context,
    namespace,
    identify: () => access.identify(),
    forget: () => access.forget(),
  };
}

const APPLICATIONS = "/apis/countersign.dev/v1alpha1/applications";
const fromCache = () => replica.request("GET", APPLICATIONS, { query: { resourceVersion: "0" } });
const namesOf = (body: unknown) =>
  (body as { items: { metadata: { name: string } }[] }).items.map(({ metadata }) => metadata.name);

describe("P26: a second API server that is cut off from etcd", () => {
  beforeAll(async () => {
    way.cut();
    await apply(admin, applicationManifest("after", "default"));
    await running.store.createProjection(grant({ name: "after" }), "Addition");
  });

  test("serves stale data only to requests that accept it", async () => {
    expect(namesOf((await fromCache()).body)).toEqual(["before"]);
    // It is refused, or not answered at all.
    const { status } = await replica.request("GET", APPLICATIONS).catch(() => ({ status: 503 }));
    expect(status).toBeGreaterThanOrEqual(500);
  });

  test("gives an operator that begins nothing to decide on, and no object that it could check itself by", async () => {
    const restarts: string[] = [];
    const hooks = { onRestart: (resource: string, why: string) => restarts.push(`${resource} ${why}`) };
    const store = new KubeStore(replica, { instance: "test", hooks });
    const stop = new AbortController();
    const started = store.start(stop.signal);
    let isStarted = false;
    void started.then(
      () => {
        isStarted = true;
      },
      () => undefined,
    );
    await eventually(() => restarts.some((line) => line.startsWith(APPLICATIONS)));
    expect([isStarted, store.applications.size]).toEqual([false, 0]);
    await expect(store.readObject("Application", "default", "after")).rejects.toThrow(StoreUnavailable);
    await expect(store.listVerifiers()).rejects.toThrow(StoreUnavailable);
    stop.abort();
    await expect(started).rejects.toThrow();
  });

  test("makes its verifier refuse everything within maxStaleness, and lets none begin", async () => {
    await eventually(() => !verifier.membership.isReady());
    expect(verifier.index.counts().grants).toBe(0);
    await expect(startVerifierOver(replica, "late", 4_000, 6_000)).rejects.toThrow();
  });

  test("serves all of it again once it reaches etcd", async () => {
    way.restore();
    await eventually(() => verifier.membership.isReady(), { timeoutMs: 60_000 });
    expect(verifier.index.counts().grants).toBe(1);
    // Each resource's own connection to etcd finds its way back in its own time.
    const fresh = await eventually(() => replica.request("GET", APPLICATIONS), { timeoutMs: 60_000 });
    expect(namesOf(fresh.body).sort()).toEqual(["after", "before"]);
  }, 150_000);
});
