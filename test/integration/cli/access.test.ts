import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import type { ApiServer } from "../../support/apiServer.ts";
import { countersign } from "../../support/cluster.ts";
import { startCountersignServer } from "../store/kube/support.ts";

const QUICKSTART = fileURLToPath(new URL("../../../examples/quickstart", import.meta.url));
const KINDS = "applications.countersign.dev,apigrants.countersign.dev,apidomains.countersign.dev";

let server: ApiServer;
let viewer: string;
beforeAll(async () => {
  server = await startCountersignServer();
  await server.kubectl(["create", "namespace", "team-shop"]);
  await server.kubectl(["apply", "-f", QUICKSTART]);
  await server.kubectl(["create", "clusterrole", "viewer", "--verb=get,list", `--resource=${KINDS}`]);
  viewer = await accountWith("viewer");
}, 120_000);
afterAll(async () => await server?.stop());

/** The kubeconfig of a ServiceAccount with this ClusterRole. The audit log has what it asks: it is in our system namespace. */
async function accountWith(role: string | undefined, name = role ?? "plain"): Promise<string> {
  await server.kubectl(["create", "serviceaccount", name, "-n", "countersign-system"]);
  if (role !== undefined)
    await server.kubectl([
      ...["create", "clusterrolebinding", name, `--clusterrole=${role}`],
      `--serviceaccount=countersign-system:${name}`,
    ]);
  return await server.kubeconfigFor("countersign-system", name);
}

async function access(...args: readonly string[]) {
  const program = countersign(["access", ...args]);
  const status = await program.ended;
  return { status, stdout: program.stdout, output: program.output };
}

test("a viewer who may not read Secrets sees what the directory has", async () => {
  const cluster = await access("--kubeconfig", viewer, "-o", "json");
  const files = await access(QUICKSTART, "-o", "json");
  expect([cluster.status, files.status]).toEqual([0, 0]);
  expect(JSON.parse(cluster.stdout).access.length).toBeGreaterThan(1);
  expect(JSON.parse(cluster.stdout)).toEqual(JSON.parse(files.stdout));
});

test("a question about one request is answered from the cluster, with the status of the answer", async () => {
  const can = (method: string) =>
    access(
      "--kubeconfig",
      viewer,
      "--application",
      "mobile-app",
      "--can",
      `${method} https://api.shop.example.com/orders`,
    );
  const [yes, no] = [await can("GET"), await can("DELETE")];
  expect([yes.status, yes.stdout]).toEqual([
    0,
    expect.stringMatching(/^yes: team-shop\/mobile-app may send GET/),
  ]);
  expect([no.status, no.stdout]).toEqual([
    1,
    expect.stringMatching(/^no: .*NoApiMatch\n.*allows GET, POST and not DELETE/),
  ]);
});

test("no request of it is for Secrets, namespaces or HTTPRoutes, which these objects do not need", async () => {
  await access("--kubeconfig", viewer);
  const events = (await readFile(server.auditLog, "utf8"))
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));
  const own = events.filter(({ user }) => user.username.endsWith(":viewer"));
  const resources = new Set(own.map(({ objectRef }) => objectRef?.resource));
  expect([...resources].sort()).toEqual(["apidomains", "apigrants", "applications"]);
});

test("a viewer without rights sees which are missing, and the commands that grant them", async () => {
  const { status, output } = await access("--kubeconfig", await accountWith(undefined));
  expect(status).toBe(2);
  expect(output).toContain(
    "may not list apidomains.countersign.dev, apigrants.countersign.dev, applications.countersign.dev",
  );
  const [command = ""] = /kubectl create clusterrole .*/.exec(output) ?? [];
  expect(command).toContain("--verb=get,list");
  // The command that it prints grants what is missing.
  await server.kubectl(command.split(" ").slice(1));
  const granted = await access("--kubeconfig", await accountWith("countersign-access"));
  expect([granted.status, granted.output]).toEqual([0, expect.stringContaining("team-shop/mobile-app")]);
});

test("an ApiDomain that selects namespaces needs their labels, so the right to list namespaces", async () => {
  await server.apply(`apiVersion: countersign.dev/v1alpha1
kind: ApiDomain
metadata: {name: selected}
spec:
  hosts: [selected.example.com]
  namespaces: {selector: {matchLabels: {team: shop}}}
`);
  const { status, output } = await access("--kubeconfig", viewer);
  expect([status, output]).toEqual([2, expect.stringContaining("may not list namespaces,")]);
});
