import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import type { Connection } from "../../../src/store/kube/connection.ts";
import type { ApiServer } from "../../support/apiServer.ts";
import { eventually } from "../../support/events.ts";
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

  test("reports it, and is Ready once the ApiDomain has it", async () => {
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

describe("a grant with a pattern that an older schema let in", () => {
  const OLDER = "test/fixtures/chart-0.0.1/files/crds/countersign.dev_apigrants.yaml";
  const CURRENT = "crds/countersign.dev_apigrants.yaml";
  const host = "stored.example.com";
  const withPaths = (values: readonly string[], more: object = {}, name = "stored") => {
    const paths = values.map((value) => ({ type: "PathPrefix", value }));
    return grantManifest(name, NAMESPACE, host, {
      apis: [{ name: "orders", hosts: [host], paths }],
      ...more,
    });
  };
  const grant = withPaths(["/orders", "/orders/*"]);
  const use = (crd: string) => server.kubectl(["apply", "--server-side", "--force-conflicts", "-f", crd]);
  const claimed = (path: string) =>
    verifier.index.grants.match(host, "release", path, () => true)?.map((one) => [...one.keys()]);

  test("keeps granting what it granted after the upgrade, and reports what is wrong with it", async () => {
    await apply(admin, domainManifest("stored", NAMESPACE, host));
    await use(OLDER);
    await eventually(() => apply(admin, grant));
    await use(CURRENT);
    let tries = 0;
    const refused = await eventually(async () => {
      // A name of its own: what was stored in time for the older schema would be spared too.
      const another = withPaths(["/orders/*"], {}, `another-${++tries}`);
      return await apply(admin, another).then(
        () => undefined,
        (error: unknown) => String(error),
      );
    });
    expect(refused).toContain("a path has no wildcards");
    await condition(admin, pathOf(grant), "Accepted", "False PatternNotSupported");
    await condition(admin, pathOf(grant), "Programmed", "True Programmed");
    expect(
      claimed("/orders/7")
        ?.flat()
        .map((one) => one.isInForce(Date.now())),
    ).toEqual([true]);
  });

  test("can be edited elsewhere, and is Ready once the pattern is gone", async () => {
    await apply(admin, withPaths(["/orders", "/orders/*"], { plan: "gold" }));
    await eventually(() => claimed("/orders/7")?.flat()[0]?.document.plan === "gold");
    await apply(admin, withPaths(["/orders"]));
    await condition(admin, pathOf(grant), "Ready", "True Ready");
    await condition(admin, pathOf(grant), "Accepted", "True Accepted");
  });
});
