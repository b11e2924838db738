import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { parse, stringify } from "yaml";
import { type Answer, type Call, type Credentials, send } from "../support/caller.ts";
import type { Program } from "../support/childProcess.ts";
import { countersign, countersignOutput } from "../support/cluster.ts";
import { type EnvoyProcess, startEnvoy } from "../support/envoyProcess.ts";
import { eventually } from "../support/events.ts";
import { team } from "../support/manifests.ts";
import { temporaryFolder } from "../support/temporaryFolder.ts";
import { startUpstream, type Upstream } from "../support/upstream.ts";

/** What the tests change in the configuration that `countersign envoy-config` prints. */
interface Bootstrap {
  static_resources: {
    listeners: {
      filter_chains: {
        filters: { typed_config: { route_config: { virtual_hosts: { routes: object[] }[] } } }[];
      }[];
    }[];
  };
}

let folder: string;
let envoy: EnvoyProcess;
let upstream: Upstream;
let standalone: Program;
let port: number;
let credentials: Credentials;
const { host, domain, application, grant, namespace } = team("routes");
const AUTHZ = "envoy.filters.http.ext_authz";

/** A route of one path that sends the verifier these context extensions. */
function route(path: string, contextExtensions: Record<string, string>): object {
  const settings = {
    "@type": "type.googleapis.com/envoy.extensions.filters.http.ext_authz.v3.ExtAuthzPerRoute",
    check_settings: { context_extensions: contextExtensions },
  };
  return { match: { path }, route: { cluster: "upstream" }, typed_per_filter_config: { [AUTHZ]: settings } };
}

/** The routes of an admin who goes by identity headers, and by the verifier's word on API and environment. */
const ROUTES = [
  {
    match: { prefix: "/", headers: [{ name: "x-countersign-plan", string_match: { exact: "gold" } }] },
    direct_response: { status: 418 },
  },
  route("/orders/agrees", { api: `${namespace}/orders`, environment: "release" }),
  route("/orders/other-api", { api: `${namespace}/refunds` }),
  route("/orders/other-environment", { environment: "test" }),
  route("/orders/foreign", { api: "team-other/orders" }),
];

beforeAll(async () => {
  folder = await temporaryFolder("routes");
  await mkdir(join(folder, "yaml"));
  await writeFile(
    join(folder, "yaml/all.yaml"),
    [domain, application, grant].map((one) => stringify(one)).join("---\n"),
  );
  upstream = await startUpstream();
  standalone = countersign(
    ["standalone", "yaml", "--listen", "127.0.0.1:0", "--metrics-listen", "127.0.0.1:0"],
    {},
    folder,
  );
  await standalone.waitFor(/^ready +gRPC/m, 30_000);
  const grpc = /^ready +gRPC (\S+)/m.exec(standalone.output)?.[1] ?? "";
  const to = ["--upstream", `http://127.0.0.1:${upstream.port}`, "--verifier", grpc];
  const printed = await countersignOutput([
    "envoy-config",
    "--listen",
    "127.0.0.1:0",
    "--admin",
    "127.0.0.1:0",
    ...to,
  ]);
  const bootstrap = parse(printed) as Bootstrap;
  const hosts =
    bootstrap.static_resources.listeners[0]?.filter_chains[0]?.filters[0]?.typed_config.route_config
      .virtual_hosts;
  for (const one of hosts ?? []) one.routes.unshift(...ROUTES);
  envoy = await startEnvoy(bootstrap);
  port = await envoy.listenerPort("in");
  const text = await readFile(
    join(folder, `.countersign/credentials/${namespace}/mobile-app-credentials.yaml`),
    "utf8",
  );
  const [key = "", secret = ""] = ["ApiAppKey", "ApiAppSecret"].map(
    (field) => new RegExp(`${field}: (\\S+)`).exec(text)?.[1],
  );
  credentials = { key, secret };
  await eventually(async () => (await call({ path: "/orders" })).status === 200);
}, 60_000);
afterAll(async () => {
  await standalone?.stop();
  await envoy?.stop();
  await upstream?.stop();
});

const call = (sent: Omit<Call, "port">): Promise<Answer> => send({ host, credentials, ...sent, port });
const codeOf = ({ status, body }: Answer) => (status === 200 ? "Allowed" : JSON.parse(body || "{}").code);

describe("what the proxy's route names binds the decision:", () => {
  const cases: Record<string, [string, string]> = {
    "API and environment that host and path name are fine": ["/orders/agrees", "Allowed"],
    "P4: another API is refused": ["/orders/other-api", "ContextMismatch"],
    "P12: another environment is refused": ["/orders/other-environment", "ContextMismatch"],
    "P4: an API of another namespace is refused": ["/orders/foreign", "ContextMismatch"],
  };
  test.each(Object.entries(cases))("%s", async (_, [path, code]) => {
    const before = upstream.seen.length;
    expect(codeOf(await call({ path }))).toBe(code);
    expect(upstream.seen.length - before).toBe(code === "Allowed" ? 1 : 0);
  });
});

test("P28: a forged identity header chooses no route, and reaches no upstream", async () => {
  const answer = await call({
    path: "/orders",
    headers: { "X-Countersign-Plan": "gold", "x-countersign-api": "forged" },
  });
  expect(answer.status).toBe(200);
  expect(JSON.stringify(upstream.seen.at(-1))).not.toMatch(/gold|forged/);
});
