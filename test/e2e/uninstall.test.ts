import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { type Cluster, countersign, startCluster } from "../support/cluster.ts";
import { applicationManifest, namespaceManifest, team } from "../support/manifests.ts";

let cluster: Cluster;
const { namespace, host, domain, application, grant } = team("uninstall");
beforeAll(async () => {
  cluster = await startCluster();
  await cluster.apply(namespaceManifest(namespace));
  await cluster.apply(domain, application, grant);
  await cluster.apply({ ...applicationManifest("theirs", namespace, { className: "internal" }) });
  await cluster.ready(namespace, "application/mobile-app", "apigrant/partners");
  const others = { metadata: { finalizers: ["countersign.dev/programmed", "example.com/kept"] } };
  for (const name of ["application/mobile-app", "application/theirs"])
    await cluster.kubectl("patch", "-n", namespace, name, "--type=merge", "-p", JSON.stringify(others));
}, 180_000);
afterAll(() => cluster?.stop());

const finalizers = async (...object: string[]) =>
  (await cluster.kubectl("get", ...object, "-o", "jsonpath={.metadata.finalizers}")).trim();

test("uninstall stops the operator and takes our finalizers, and callers are served on", async () => {
  const args = ["--kubeconfig", cluster.server.kubeconfig];
  const dry = countersign(["uninstall", "--dry-run", ...args]);
  expect(await dry.ended).toBe(0);
  expect(dry.stdout).toBe(
    "would remove the finalizer from 1 ApiGrant objects\nwould remove the finalizer from 1 ApiDomain objects\nwould remove the finalizer from 1 Application objects\n",
  );
  expect(await finalizers("-n", namespace, "apigrant/partners")).not.toBe("");

  const done = countersign(["uninstall", ...args]);
  expect(await done.ended).toBe(0);
  expect(done.stdout).toMatch(/took the leader Lease; waiting 2 s/);
  expect(done.stdout).toMatch(/removed the finalizer from 1 Application objects\n$/);
  expect(cluster.operator.output).toMatch(/not leading/);
  expect(await finalizers("-n", namespace, "apigrant/partners")).toBe("");
  expect(await finalizers("apidomain", domain.metadata.name)).toBe("");
  expect(await finalizers("-n", namespace, "application/mobile-app")).toBe('["example.com/kept"]');
  expect(await finalizers("-n", namespace, "application/theirs")).toContain("countersign.dev/programmed");

  const credentials = await cluster.credentials(namespace, "mobile-app");
  expect((await cluster.call({ host, path: "/orders", credentials })).status).toBe(200);
  await cluster.kubectl("delete", "-n", namespace, "apigrant/partners", "--timeout=20s");
}, 120_000);

test("uninstall states the remedy when the API server does not respond", async () => {
  await cluster.server.kill();
  const program = countersign(["uninstall", "--kubeconfig", cluster.server.kubeconfig]);
  expect(await program.ended).toBe(1);
  expect(program.output).toMatch(/run it again, it continues where it stopped/);
}, 60_000);
