import { afterAll, beforeAll, describe, test } from "@jest/globals";
import type { Connection } from "../../../src/store/kube/connection.ts";
import type { ApiServer } from "../../support/apiServer.ts";
import { domainManifest, grantManifest, namespaceManifest } from "../../support/manifests.ts";
import { adminConnection, apply, pathOf, startCountersignServer } from "../store/kube/support.ts";
import { condition, startOperatorOver, startVerifierOver } from "./support.ts";

const NAMESPACE = "team-conditions";
const HOST = "api.conditions.example.com";
let server: ApiServer;
let admin: Connection;
let verifier: Awaited<ReturnType<typeof startVerifierOver>>;
let operator: Awaited<ReturnType<typeof startOperatorOver>>;

beforeAll(async () => {
  server = await startCountersignServer();
  admin = adminConnection(server);
  await apply(admin, namespaceManifest(NAMESPACE));
  verifier = await startVerifierOver(admin);
  operator = await startOperatorOver(admin);
}, 120_000);
afterAll(async () => {
  await operator?.stop();
  await verifier?.stop();
  await admin?.close();
  await server?.stop();
});

describe("a grant for an environment that its host does not have", () => {
  const domain = domainManifest("conditions", NAMESPACE, HOST);
  const grant = grantManifest("staging", NAMESPACE, HOST, { environment: "staging" });

  test("says so, and is Ready once the ApiDomain has it", async () => {
    await apply(admin, domain);
    await apply(admin, grant);
    await condition(admin, pathOf(grant), "ResolvedRefs", "False EnvironmentNotFound");
    await condition(admin, pathOf(grant), "Ready", "False EnvironmentNotFound");
    const environments = [...domain.spec.environments, { name: "staging", pathPrefix: "/staging" }];
    await apply(admin, { ...domain, spec: { ...domain.spec, environments } });
    await condition(admin, pathOf(grant), "ResolvedRefs", "True ResolvedRefs");
    await condition(admin, pathOf(grant), "Ready", "True Ready");
  });
});
