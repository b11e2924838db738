import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { type ApiServer, startApiServer } from "../support/apiServer.ts";
import { startEnvoy } from "../support/envoyProcess.ts";

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
    expect(JSON.parse(await server.kubectl(["version", "-o", "json"])).serverVersion.gitVersion).toMatch(
      /^v1\.\d+/,
    );
  });

  test("keeps what it holds when its process is killed and started again", async () => {
    await server.kubectl(["create", "namespace", "kept"]);
    await server.kill();
    await server.start();
    expect(await server.kubectl(["get", "namespace", "kept", "-o", "name"])).toBe("namespace/kept\n");
  }, 60_000);

  test("tells a token's Pod, and gives a ServiceAccount no right that it was not given", async () => {
    await server.kubectl(["create", "serviceaccount", "someone", "-n", "default"]);
    const pod = await server.createPod("default", "someone-0", "someone");
    const file = await server.kubeconfigFor("default", "someone", pod);
    const who = JSON.parse(await server.kubectl(["--kubeconfig", file, "auth", "whoami", "-o", "json"]));
    expect(who.status.userInfo.extra["authentication.kubernetes.io/pod-name"]).toEqual(["someone-0"]);
    await expect(server.kubectl(["--kubeconfig", file, "get", "secrets"])).rejects.toThrow("forbidden");
  });
});

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
