import { existsSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { type ApiServer, startApiServer } from "../support/apiServer.ts";
import { startEnvoy } from "../support/envoyProcess.ts";
import { eventually } from "../support/events.ts";

const alive = (pid: number) => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

describe("the API server of the tests", () => {
  let server: ApiServer;
  beforeAll(async () => {
    server = await startApiServer();
  }, 120_000);
  afterAll(() => server.stop());

  test("answers with the version that it was built as", async () => {
    const { serverVersion } = JSON.parse(await server.kubectl(["version", "-o", "json"]));
    expect(serverVersion.gitVersion).toMatch(/^v1\.\d+\.\d+/);
  });

  test("keeps what it holds when its process is killed and started again", async () => {
    await server.kubectl(["create", "namespace", "kept"]);
    await server.restart();
    expect(await server.kubectl(["get", "namespace", "kept", "-o", "name"])).toBe("namespace/kept\n");
  }, 60_000);

  test("reports the Pod of a token, and gives a ServiceAccount no right that it was not given", async () => {
    await server.kubectl(["create", "serviceaccount", "someone", "-n", "default"]);
    const pod = await server.createPod("default", "someone-0", "someone");
    const file = await server.kubeconfigFor("default", "someone", pod);
    const who = JSON.parse(await server.kubectl(["--kubeconfig", file, "auth", "whoami", "-o", "json"]));
    expect(who.status.userInfo.extra["authentication.kubernetes.io/pod-name"]).toEqual(["someone-0"]);
    await expect(server.kubectl(["--kubeconfig", file, "get", "secrets"])).rejects.toThrow("forbidden");
  });

  test("collects garbage and empties deleted namespaces once it has its controller manager", async () => {
    await server.startControllerManager();
    await server.kubectl(["create", "namespace", "going"]);
    await server.apply(await ownedBy("going", "owner", "owned"));
    await server.kubectl(["delete", "configmap", "owner", "-n", "going"]);
    const names = () => server.kubectl(["get", "configmaps", "-n", "going", "-o", "name"]);
    await eventually(async () => !(await names()).includes("owned"));
    await server.kubectl(["delete", "namespace", "going", "--wait", "--timeout=60s"]);
  }, 120_000);

  /** Creates the owner; returns the YAML of a ConfigMap that belongs to it. */
  async function ownedBy(namespace: string, owner: string, name: string): Promise<string> {
    const made = await server.kubectl(["create", "configmap", owner, "-n", namespace, "-o", "json"]);
    const { uid } = JSON.parse(made).metadata;
    const ownerReferences = [{ apiVersion: "v1", kind: "ConfigMap", name: owner, uid }];
    return JSON.stringify({
      apiVersion: "v1",
      kind: "ConfigMap",
      metadata: { name, namespace, ownerReferences },
    });
  }
});

test("an API server that is stopped leaves no process and no file", async () => {
  const server = await startApiServer();
  const pids = server.pids;
  expect(pids).toHaveLength(2);
  await server.stop();
  expect(pids.filter(alive)).toEqual([]);
  expect(existsSync(server.kubeconfig)).toBe(false);
}, 120_000);

test("Envoy serves on a port that the system picked, and its process ends with stop", async () => {
  const route = {
    match: { prefix: "/" },
    direct_response: { status: 200, body: { inline_string: "hello" } },
  };
  const http = "type.googleapis.com/envoy.extensions.filters";
  const manager = {
    "@type": `${http}.network.http_connection_manager.v3.HttpConnectionManager`,
    stat_prefix: "in",
    route_config: { virtual_hosts: [{ name: "all", domains: ["*"], routes: [route] }] },
    http_filters: [{ name: "router", typed_config: { "@type": `${http}.http.router.v3.Router` } }],
  };
  const loopback = { socket_address: { address: "127.0.0.1", port_value: 0 } };
  const filters = [{ name: "envoy.filters.network.http_connection_manager", typed_config: manager }];
  const envoy = await startEnvoy({
    admin: { address: loopback },
    static_resources: { listeners: [{ name: "in", address: loopback, filter_chains: [{ filters }] }] },
  });
  const answer = await fetch(`http://127.0.0.1:${await envoy.listenerPort("in")}/`);
  expect(await answer.text()).toBe("hello");
  await envoy.stop();
  expect(alive(envoy.pid)).toBe(false);
}, 60_000);
