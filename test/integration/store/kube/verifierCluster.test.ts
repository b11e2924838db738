import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import type { ProjectionSink } from "../../../../src/projection/feed.ts";
import { compareVersions } from "../../../../src/projection/versions.ts";
import { loadAccess } from "../../../../src/store/kube/access.ts";
import { Connection } from "../../../../src/store/kube/connection.ts";
import type { ListedSecret } from "../../../../src/store/kube/objects.ts";
import { KubeVerifierCluster } from "../../../../src/store/kube/verifierCluster.ts";
import { listAll, listAllAs } from "../../../../src/store/kube/watch/list.ts";
import { SECRETS } from "../../../../src/store/kube/watch/secretList.ts";
import type { ApiServer, BoundPod } from "../../../support/apiServer.ts";
import { grant } from "../../../support/documents.ts";
import { eventually } from "../../../support/events.ts";
import { adminConnection, operatorConnection, startCountersignServer, startStore } from "./support.ts";

let server: ApiServer;
let operator: Connection;
let verifier: Connection;
let pod: BoundPod;
let running: Awaited<ReturnType<typeof startStore>>;

beforeAll(async () => {
  server = await startCountersignServer();
  operator = await operatorConnection(server);
  pod = await server.createPod("countersign-system", "verifier-a", "countersign-verifier");
  const kubeconfig = await server.kubeconfigFor("countersign-system", "countersign-verifier", pod);
  verifier = new Connection(loadAccess({ kubeconfig }));
  running = await startStore(operator);
}, 120_000);
afterAll(async () => {
  running?.stop();
  await operator?.close();
  await verifier?.close();
  await server?.stop();
});

/** A sink that records its calls. */
function recorder() {
  const told: string[] = [];
  const sink: ProjectionSink = {
    replace: (projections) => {
      told.push(
        `replace ${[...projections]
          .map(({ name }) => name)
          .sort()
          .join()}`,
      );
    },
    upsert: ({ name, document }) => {
      told.push(`upsert ${name} ${document?.tombstone}`);
    },
    remove: (name) => {
      told.push(`remove ${name}`);
    },
    bookmark: () => {
      told.push("bookmark");
    },
  };
  return { told, sink };
}

const written = (outcome: { kind: string; resourceVersion?: string }) =>
  outcome.resourceVersion ?? outcome.kind;

describe("a verifier", () => {
  test("receives the list and then each change, and reaches the version of every write", async () => {
    const { store } = running;
    const cluster = new KubeVerifierCluster(verifier);
    const { told, sink } = recorder();
    await store.createProjection(grant({ name: "first" }), "Addition");
    const from = await cluster.list(sink);
    expect(told).toEqual(["replace grant.team-shop.first"]);
    const controller = new AbortController();
    const watching = cluster.watch(from, sink, controller.signal);
    const one = written(await store.createProjection(grant({ name: "second" }), "Addition"));
    const two = written(
      await store.replaceProjection(grant({ name: "second", tombstone: true }), "Addition", one),
    );
    await store.deleteProjection("grant.team-shop.second", two);
    await eventually(() => told.includes("remove grant.team-shop.second"));
    expect(told.slice(1)).toEqual([
      "upsert grant.team-shop.second false",
      "upsert grant.team-shop.second true",
      "remove grant.team-shop.second",
    ]);
    controller.abort();
    await watching;
    expect(compareVersions(await cluster.probe(), two)).toBeGreaterThan(0);
  });

  test("keeps watching after a watch has timed out", async () => {
    const begun: number[] = [];
    const watchTimes = () => ({ seconds: begun.push(1) + 1, silenceMs: 60_000 });
    const cluster = new KubeVerifierCluster(verifier, { watchTimes });
    const { told, sink } = recorder();
    const from = await cluster.list(sink);
    const controller = new AbortController();
    const watching = cluster.watch(from, sink, controller.signal);
    await eventually(() => begun.length >= 2);
    await running.store.createProjection(grant({ name: "after-the-end" }), "Addition");
    await eventually(() => told.includes("upsert grant.team-shop.after-the-end false"));
    expect(told.filter((line) => line.startsWith("replace"))).toHaveLength(1);
    controller.abort();
    await watching;
  });

  test("has to relist when the server cannot resume from its version", async () => {
    const { sink } = recorder();
    const never = new AbortController().signal;
    await new KubeVerifierCluster(verifier).watch("not-a-version", sink, never);
  });

  test("writes its Lease under its version, takes it over, and deletes it", async () => {
    const cluster = new KubeVerifierCluster(verifier);
    const name = `${pod.name}.${pod.uid.slice(0, 8)}.0`;
    const lease = { name, holder: "me", applied: "", leaseDurationSeconds: 60 };
    expect(await cluster.findLease(name)).toBeUndefined();
    const first = written(await cluster.createLease(lease));
    expect((await cluster.createLease(lease)).kind).toBe("conflict");
    expect(await cluster.findLease(name)).toMatchObject({ holder: "me", resourceVersion: first });
    const second = written(await cluster.updateLease({ ...lease, applied: "77" }, first));
    expect((await cluster.updateLease(lease, first)).kind).toBe("conflict");
    expect(await running.store.listVerifiers()).toMatchObject([
      { name, holder: "me", applied: "77", leaseDurationSeconds: 60, resourceVersion: second },
    ]);
    await cluster.deleteLease(name, first);
    expect(await cluster.findLease(name)).toBeDefined();
    await cluster.deleteLease(name, second);
    expect(await cluster.findLease(name)).toBeUndefined();
  });

  test("never recreates a deleted Lease: a deletion means that its process is dead", async () => {
    const cluster = new KubeVerifierCluster(verifier);
    const name = `${pod.name}.${pod.uid.slice(0, 8)}.1`;
    const lease = { name, holder: "me", applied: "5", leaseDurationSeconds: 60 };
    const version = written(await cluster.createLease(lease));
    expect((await running.store.deleteVerifier(name, version)).kind).toBe("written");
    expect((await cluster.updateLease(lease, version)).kind).toBe("conflict");
    expect(await running.store.listVerifiers()).toEqual([]);
  });

  test("reports uses in its Lease with the rights that it has for the acknowledgement", async () => {
    const cluster = new KubeVerifierCluster(verifier);
    const name = `${pod.name}.${pod.uid.slice(0, 8)}.3`;
    const lease = { name, holder: "me", applied: "5", leaseDurationSeconds: 60 };
    const first = written(await cluster.createLease(lease));
    expect((await running.store.listVerifiers())[0]).not.toHaveProperty("use");
    const use = '{"2026-11-28":{"keys":["APIDmobile"]}}';
    const second = written(await cluster.updateLease({ ...lease, use }, first));
    expect(await running.store.listVerifiers()).toMatchObject([{ name, use }]);
    await cluster.deleteLease(name, second);
  });

  test("names its own Pod, node and version in its Lease, and no other Pod", async () => {
    const cluster = new KubeVerifierCluster(verifier);
    const own = { namespace: "countersign-system", name: pod.name, uid: pod.uid };
    const name = `${pod.name}.${pod.uid.slice(0, 8)}.2`;
    const lease = { name, holder: "me", applied: "5", leaseDurationSeconds: 60 };
    const process = { pod: own, node: "node-1", version: "9.9.9" };
    const version = written(await cluster.createLease({ ...lease, process }));
    expect(await running.store.listVerifiers()).toMatchObject([{ name, ...process }]);
    for (const other of [{ uid: "another-uid" }, { name: "another-name" }, { namespace: "team-shop" }]) {
      const another = { ...lease, process: { pod: { ...own, ...other } } };
      expect((await cluster.updateLease(another, version)).kind).toBe("refused");
    }
    await cluster.deleteLease(name, version);
  });

  test("P42: cannot write another Pod's Lease, read a Secret by its name, or see another namespace", async () => {
    const cluster = new KubeVerifierCluster(verifier);
    const lease = { name: "verifier-b.00000000.0", holder: "me", applied: "", leaseDurationSeconds: 60 };
    expect((await cluster.createLease(lease)).kind).toBe("refused");
    const data = "/api/v1/namespaces/countersign-data/secrets/grant.team-shop.first";
    expect((await verifier.request("GET", data)).status).toBe(403);
    expect((await verifier.request("GET", "/api/v1/secrets")).status).toBe(403);
    expect((await verifier.request("DELETE", data)).status).toBe(403);
  });
});

const NAMESPACE = "secret-list";
const LISTED = { path: `/api/v1/namespaces/${NAMESPACE}/secrets`, labelSelector: "listed=true" };

const text = (value: unknown) =>
  String(Buffer.isBuffer(value) ? value : Buffer.from(String(value), "base64"));

/** What is read of a Secret, in either encoding. */
function readOf({ metadata: { name, uid, resourceVersion, annotations }, data }: ListedSecret) {
  const texts = Object.entries(Object(data)).map(([key, value]) => [key, text(value)]);
  return { name, uid, resourceVersion, annotations: { ...annotations }, data: Object.fromEntries(texts) };
}

test("lists of Secrets in protobuf are those in JSON, whatever the size of the pages", async () => {
  const connection = adminConnection(server);
  await server.kubectl(["create", "namespace", NAMESPACE]);
  const contents = [
    { data: { "projection.json": Buffer.from('{"name":"订单"}').toString("base64"), empty: "" } },
    { data: { bytes: Buffer.from([0, 255, 128, 10]).toString("base64"), __proto__x: "YQ==" } },
    {},
    { data: { long: Buffer.alloc(300_000, "x").toString("base64") } },
    { data: { a: "YQ==" }, immutable: true, type: "example.com/type" },
  ];
  for (const [at, content] of contents.entries()) {
    const annotations = at % 2 === 0 ? { "countersign.dev/change": "Addition", note: "备注" } : {};
    const metadata = { name: `secret-${at}`, labels: { listed: "true" }, annotations };
    const body = { apiVersion: "v1", kind: "Secret", metadata, ...content };
    expect((await connection.request("POST", LISTED.path, { body })).status).toBe(201);
  }
  const inJson = await listAll(connection, LISTED, readOf);
  expect(inJson.items).toHaveLength(contents.length);
  for (const pageSize of [1, 2, contents.length, 20_000]) {
    const bodies: unknown[] = [];
    const page: typeof SECRETS.page = (body) => {
      bodies.push(body);
      return SECRETS.page(body);
    };
    const { items } = await listAllAs({ ...SECRETS, pageSize, page }, connection, LISTED, readOf);
    expect(items).toEqual(inJson.items);
    expect(bodies.map(Buffer.isBuffer)).toEqual(
      Array(Math.ceil(contents.length / Math.min(pageSize, contents.length))).fill(true),
    );
  }
  await connection.close();
}, 60_000);

test("a list in protobuf that is refused states the reason", async () => {
  const listed = listAllAs(SECRETS, verifier, LISTED, readOf);
  await expect(listed).rejects.toThrow(/returned 403 Forbidden$/);
});
