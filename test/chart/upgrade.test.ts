import { X509Certificate } from "node:crypto";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { type ApiServer, startApiServer } from "../support/apiServer.ts";
import { OperatorProcess } from "../support/cluster.ts";
import { eventually } from "../support/events.ts";
import { CHART, runHelm } from "../support/helm.ts";
import { namespaceManifest, team } from "../support/manifests.ts";

const OLDER = fileURLToPath(new URL("../fixtures/chart-0.0.1", import.meta.url));
const SYSTEM = "countersign-system";
const { namespace, domain, application, grant } = team("upgrade");

let server: ApiServer;
let operator: OperatorProcess;
/** As the older chart left it. */
let original: object;
beforeAll(async () => {
  server = await startApiServer();
  await helm("install", "countersign", OLDER, "--create-namespace");
  await server.crdsServed();
  operator = new OperatorProcess(await server.kubeconfigFor(SYSTEM, "countersign-operator"));
  await operator.start();
  await server.apply(
    JSON.stringify({
      apiVersion: "v1",
      kind: "List",
      items: [namespaceManifest(namespace), domain, application, grant],
    }),
  );
  await said();
}, 240_000);
afterAll(async () => {
  await operator?.stop();
  await server?.stop();
});

function helm(...args: string[]): Promise<string> {
  return runHelm([...args, "--namespace", SYSTEM], { kubeconfig: server.kubeconfig });
}

const json = async (...args: string[]) => JSON.parse(await server.kubectl(["get", ...args, "-o", "json"]));

/** Waits until the operator has observed the current generation of the Application. */
const said = () =>
  eventually(
    async () => {
      const { metadata, status } = await json("application/mobile-app", "-n", namespace);
      return status.applicationId && status.observedGeneration === metadata.generation;
    },
    { timeoutMs: 60_000 },
  );

/** Everything that callers, verifiers and Envoy hold: ids, key pairs, projections and certificates. */
async function kept(): Promise<object> {
  const { status } = await json("application/mobile-app", "-n", namespace);
  const secrets = [
    ...(await json("secrets", "-n", namespace)).items,
    ...(await json("secrets", "-n", "countersign-data")).items,
    ...(await json("secrets", "-n", SYSTEM, "--field-selector", "type=kubernetes.io/tls")).items,
  ];
  const data = secrets.map((one) => [`${one.metadata.namespace}/${one.metadata.name}`, one.data]);
  return { applicationId: status.applicationId, keys: status.keys, data };
}

test("helm upgrade from an older chart keeps every id, key pair, projection and certificate", async () => {
  original = await kept();
  expect(original).toMatchObject({
    applicationId: expect.stringMatching(/^app-/),
    keys: [{ state: "Active" }],
  });
  for (const secret of [
    "countersign-ca",
    "countersign-verifier-tls",
    "countersign-envoy-tls",
    "mobile-app-credentials",
    `application.${namespace}.mobile-app`,
  ])
    expect(JSON.stringify(original)).toContain(`/${secret}"`);
  expect(await helm("upgrade", "countersign", CHART)).toContain("Three steps to a protected route");
  expect(await kept()).toEqual(original);
  await operator.stop();
  await operator.start();
  await server.kubectl([
    "patch",
    "application/mobile-app",
    "-n",
    namespace,
    "--type=merge",
    "-p",
    '{"spec":{"displayName":"Mobile app"}}',
  ]);
  await said();
  expect(await kept()).toEqual(original);
}, 120_000);

test("the upgrade brought the kinds up to date", async () => {
  const { spec } = await json("crd/applications.countersign.dev");
  const properties = spec.versions[0].schema.openAPIV3Schema.properties.spec.properties;
  expect(properties).toHaveProperty("className");
}, 60_000);

test("a deleted certificate is issued again by the same authority, the others stay", async () => {
  const find = async (name: string) => {
    const { data } = await json(`secret/${name}`, "-n", SYSTEM);
    return new X509Certificate(Buffer.from(data["tls.crt"], "base64"));
  };
  const [authority, server1, client1] = (await Promise.all(
    ["countersign-ca", "countersign-verifier-tls", "countersign-envoy-tls"].map(find),
  )) as [X509Certificate, X509Certificate, X509Certificate];
  await server.kubectl(["delete", "secret/countersign-envoy-tls", "-n", SYSTEM]);
  await helm("upgrade", "countersign", CHART);
  const [client2, server2] = await Promise.all([
    find("countersign-envoy-tls"),
    find("countersign-verifier-tls"),
  ]);
  expect(client2.fingerprint256).not.toBe(client1.fingerprint256);
  expect(server2.fingerprint256).toBe(server1.fingerprint256);
  expect([client1, client2, server1].map((one) => one.verify(authority.publicKey))).toEqual([
    true,
    true,
    true,
  ]);
  expect(client2.subjectAltName).toBe("DNS:countersign-envoy");
  expect(server1.subjectAltName).toContain("DNS:countersign-verifier.countersign-system.svc,");
}, 60_000);

test("helm rollback brings the older chart's certificates back and keeps the rest, and helm uninstall leaves kinds, objects and the data namespace", async () => {
  await helm("rollback", "countersign", "1");
  expect(await kept()).toEqual(original);
  // The hook needs a kubelet; test:cluster runs it.
  await helm("uninstall", "countersign", "--no-hooks");
  const { status } = await json("application/mobile-app", "-n", namespace);
  expect(status.applicationId).toMatch(/^app-/);
  expect((await json("secrets", "-n", "countersign-data")).items).not.toHaveLength(0);
  expect(await server.kubectl(["get", "deployments", "-A", "-o", "name"])).toBe("");
}, 120_000);
