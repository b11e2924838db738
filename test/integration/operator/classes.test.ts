import { afterAll, beforeAll, expect, test } from "@jest/globals";
import type { Connection } from "../../../src/store/kube/connection.ts";
import type { ApiServer } from "../../support/apiServer.ts";
import { applicationManifest, domainManifest, namespaceManifest } from "../../support/manifests.ts";
import { adminConnection, apply, pathOf, startCountersignServer } from "../store/kube/support.ts";
import { condition, startOperatorOver } from "./support.ts";

let server: ApiServer;
let admin: Connection;
let operators: Awaited<ReturnType<typeof startOperatorOver>>[] = [];
beforeAll(async () => {
  server = await startCountersignServer();
  admin = adminConnection(server);
  for (const name of ["team-class", "internal-data"]) await apply(admin, namespaceManifest(name));
  operators = await Promise.all([
    startOperatorOver(admin),
    startOperatorOver(admin, { className: "internal", dataNamespace: "internal-data" }),
  ]);
}, 120_000);
afterAll(async () => {
  for (const { stop } of operators) await stop();
  await admin?.close();
  await server?.stop();
});

const projections = (at: number) =>
  [...(operators[at]?.store.projections.values() ?? [])].map(({ name }) => name).sort();
const classed = <M extends { readonly spec: object }>(manifest: M, className: string) => ({
  ...manifest,
  spec: { ...manifest.spec, className },
});

test("two installations share a cluster, and neither sees an object of the other one's class", async () => {
  const objects = [
    domainManifest("ours", "team-class", "api.class.example.com"),
    classed(domainManifest("theirs", "team-class", "api.class.example.com"), "internal"),
    applicationManifest("ours", "team-class"),
    classed(applicationManifest("theirs", "team-class"), "internal"),
    classed(applicationManifest("nobodys", "team-class"), "unknown"),
  ];
  for (const object of objects) await apply(admin, object);
  for (const object of objects.slice(0, 2))
    await condition(admin, pathOf(object), "Accepted", "True Accepted");
  for (const object of objects.slice(2, 4))
    await condition(admin, pathOf(object), "CredentialsReady", "True Published");
  expect(projections(0)).toEqual(["application.team-class.ours", "domain.ours"]);
  expect(projections(1)).toEqual(["application.team-class.theirs", "domain.theirs"]);
  await condition(admin, pathOf(objects[4] as never), "Ready", "Unknown Pending");
});
