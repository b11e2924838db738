import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { findAddOnCrds } from "../parts/addOns.ts";
import { type ApiServer, startApiServer } from "../support/apiServer.ts";
import { renderChart } from "../support/helm.ts";
import { COMBINATIONS } from "./combinations.ts";
import { objectsIn, podsOf } from "./objects.ts";

const NAMESPACES = ["countersign-system", "countersign-data", "internal-data", "team-envoy", "team-shop"];
const DRY_RUN = ["--server-side", "--dry-run=server"];

let server: ApiServer;
beforeAll(async () => {
  server = await startApiServer();
  const crds = (await findAddOnCrds()).flatMap((file) => ["-f", file]);
  await server.kubectl(["apply", "--server-side", ...crds]);
  await server.kubectl(["apply", "--server-side", "-k", "crds"]);
  for (const name of NAMESPACES) await server.kubectl(["create", "namespace", name]);
  const restricted = "pod-security.kubernetes.io/enforce=restricted";
  await server.kubectl(["label", "namespace", "countersign-system", restricted]);
  await server.crdsServed();
}, 180_000);
afterAll(() => server?.stop());

describe("an API server takes every object of the chart", () => {
  test.each(Object.entries(COMBINATIONS))("%s", async (_, values) => {
    const printed = await server.apply(await renderChart(values), DRY_RUN);
    expect(printed).toMatch(/^deployment.apps\/\S+-verifier serverside-applied \(server dry run\)$/m);
    expect(printed).toMatch(/^deployment.apps\/\S+-operator serverside-applied \(server dry run\)$/m);
  });
});

describe("every Pod of the chart keeps to the restricted Pod Security Standard", () => {
  test.each(Object.entries(COMBINATIONS))("%s", async (_, values) => {
    const pods = podsOf(objectsIn(await renderChart(values)), "countersign-system");
    expect(pods.length).toBeGreaterThanOrEqual(3);
    const list = { apiVersion: "v1", kind: "List", items: pods };
    const printed = await server.apply(JSON.stringify(list), DRY_RUN);
    expect(printed.trim().split("\n")).toHaveLength(pods.length);
  });

  test("which would refuse a Pod that does not", async () => {
    const [pod] = podsOf(objectsIn(await renderChart({ securityContext: null })), "countersign-system");
    await expect(server.apply(JSON.stringify(pod), DRY_RUN)).rejects.toThrow(/violates PodSecurity/);
  });
});

describe("an API server takes the manifests", () => {
  test.each([
    "manifests",
    "manifests/rights",
    "manifests/overlays/cert-manager",
    "manifests/overlays/autoscaling",
  ])("kubectl apply -k %s", async (folder) => {
    const printed = await server.kubectl(["apply", ...DRY_RUN, "-k", folder]);
    expect(printed).toMatch(/^clusterrole\S+\/countersign-operator serverside-applied \(server dry run\)$/m);
  });
});
