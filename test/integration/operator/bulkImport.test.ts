import { afterAll, beforeAll, expect, test } from "@jest/globals";
import type { Connection } from "../../../src/store/kube/connection.ts";
import type { ApiServer } from "../../support/apiServer.ts";
import { eventually } from "../../support/events.ts";
import { applicationManifest, namespaceManifest } from "../../support/manifests.ts";
import { adminConnection, apply, operatorConnection, startCountersignServer } from "../store/kube/support.ts";
import { startOperatorOver } from "./support.ts";

const COUNT = 1_000;
const NAMESPACE = "team-bulk";

let server: ApiServer;
let admin: Connection;
let connection: Connection;
let operator: Awaited<ReturnType<typeof startOperatorOver>>;

beforeAll(async () => {
  server = await startCountersignServer();
  admin = adminConnection(server);
  connection = await operatorConnection(server);
  await apply(admin, namespaceManifest(NAMESPACE));
  operator = await startOperatorOver(connection);
}, 120_000);
afterAll(async () => {
  await operator?.stop();
  await connection?.close();
  await admin?.close();
  await server?.stop();
});

/** A key pair as somebody brings it from the vendor's gateway, and the Application that imports it. */
function imported(index: number) {
  const metadata = {
    name: `old-${index}`,
    namespace: NAMESPACE,
    labels: { "countersign.dev/credentials": "true" },
  };
  const stringData = { ApiAppKey: `APIDbulk${index}`, ApiAppSecret: `secret-of-the-vendor-${index}` };
  const credentials = { source: "Imported", importFrom: { name: metadata.name } };
  return [
    { apiVersion: "v1", kind: "Secret", metadata, stringData },
    applicationManifest(`app-${index}`, NAMESPACE, { credentials }),
  ] as const;
}

test(`${COUNT} key pairs are imported at once, each to its own Application`, async () => {
  const pairs = Array.from({ length: COUNT }, (_, index) => imported(index));
  for (let at = 0; at < COUNT; at += 32)
    await Promise.all(
      pairs
        .slice(at, at + 32)
        .flat()
        .map((manifest) => apply(admin, manifest)),
    );
  const { store } = operator;
  const isReady = () =>
    [...store.applications.values()].filter(({ status }) =>
      status?.conditions.some(({ type, reason }) => type === "CredentialsReady" && reason === "Published"),
    ).length === COUNT;
  await eventually(async () => isReady(), { timeoutMs: 120_000 });
  const published = Array.from({ length: COUNT }, (_, index) =>
    store.secrets.get(`${NAMESPACE}/app-${index}-credentials`)?.data.get("ApiAppKey")?.reveal(),
  );
  expect(published).toEqual(pairs.map(([{ stringData }]) => stringData.ApiAppKey));
  const ids = new Set([...store.applications.values()].map(({ status }) => status?.applicationId));
  expect(ids.size).toBe(COUNT);
}, 180_000);
