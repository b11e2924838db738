import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { loadAccess } from "../../../../src/store/kube/access.ts";
import { Connection } from "../../../../src/store/kube/connection.ts";
import { StoreUnavailable } from "../../../../src/store/store.ts";
import type { ApiServer } from "../../../support/apiServer.ts";
import { grant } from "../../../support/documents.ts";
import { eventually } from "../../../support/events.ts";
import {
  adminConnection,
  apply,
  operatorConnection,
  remove,
  startCountersignServer,
  startStore,
} from "./support.ts";

let server: ApiServer;
let admin: Connection;
let operator: Connection;
let running: Awaited<ReturnType<typeof startStore>>;

beforeAll(async () => {
  server = await startCountersignServer();
  admin = adminConnection(server);
  operator = await operatorConnection(server);
  running = await startStore(operator);
}, 120_000);
afterAll(async () => {
  running?.stop();
  await operator?.close();
  await admin?.close();
  await server?.stop();
});

const application = (name: string) => ({
  apiVersion: "countersign.dev/v1alpha1",
  kind: "Application",
  metadata: { name, namespace: "default" },
  spec: {},
});
const names = () => [...running.store.applications.values()].map(({ metadata }) => metadata.name).sort();

test("P26: an API server that is killed and comes back leaves every watch alive and nothing lost", async () => {
  const { store } = running;
  for (const name of ["kept", "deleted-later"]) await apply(admin, application(name));
  await eventually(() => names().length === 2);
  const first = await store.createProjection(grant({ name: "steady" }), "Addition");
  const version = first.kind === "written" ? first.resourceVersion : "";

  await server.kill();
  await expect(store.replaceProjection(grant({ name: "steady" }), "Addition", version)).rejects.toThrow(
    StoreUnavailable,
  );
  await expect(store.listVerifiers()).rejects.toThrow(StoreUnavailable);
  expect(names()).toEqual(["deleted-later", "kept"]);

  await server.start();
  await eventually(() => remove(admin, application("deleted-later")).then(() => true));
  await apply(admin, application("added-later"));
  await eventually(() => names().join() === "added-later,kept", { timeoutMs: 40_000 });
  const second = await store.replaceProjection(
    grant({ name: "steady", suspended: true }),
    "Addition",
    version,
  );
  expect(second.kind).toBe("written");
  expect(running.restarts.length).toBeGreaterThan(0);
}, 120_000);

test("P26: an API server that is frozen is noticed, its last state is kept, and its later changes are received", async () => {
  const impatient = new Connection(loadAccess({ kubeconfig: server.kubeconfig }), { timeoutMs: 1_000 });
  const { store, restarts, stop } = await startStore(impatient, 1_000);
  server.pause();
  const frozen = (why: string) => why.includes("applications: StoreUnavailable") && why.includes("TIMEOUT");
  await eventually(() => restarts.some(frozen));
  expect(store.applications.get("default/kept")).toBeDefined();
  server.resume();
  await apply(admin, application("after-the-frost"));
  await eventually(() => store.applications.get("default/after-the-frost"));
  await eventually(() => names().includes("after-the-frost"));
  stop();
  await impatient.close();
}, 60_000);
