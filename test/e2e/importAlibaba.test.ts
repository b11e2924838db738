import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { ImportFolder } from "../integration/import/support.ts";
import { npmHeaders } from "../support/alibaba/npmSigner.ts";
import {
  API,
  APP,
  api,
  app,
  authorized,
  authorizedApps,
  domain,
  GROUP,
  group,
  inStage,
  KEY,
  page,
  printed,
  SECRET,
  security,
  summary,
  whole,
} from "../support/alibaba/smallTenant.ts";
import type { Program } from "../support/childProcess.ts";
import { countersign, startEnvoyFor } from "../support/cluster.ts";
import type { EnvoyProcess } from "../support/envoyProcess.ts";
import { eventually } from "../support/events.ts";
import { reservePort } from "../support/ports.ts";
import { sendRaw } from "../support/rawHttp.ts";
import { startUpstream, type Upstream } from "../support/upstream.ts";

const OTHER_API = "9b2f40685a3d7c1ea1c4e6d8f0b29c38";
const BATCH = { id: "110840999", key: "204868999", secret: "z0y9x8w7v6u5t4s3r2q1p0o9n8m7l6k5" };
const DOMAIN = "api.orders.example.com";
const TEST_DOMAIN = "test.orders.example.com";
const stages = (...names: readonly string[]) => ({
  DeployedInfos: { DeployedInfo: names.map((StageName) => ({ StageName, DeployedStatus: "DEPLOYED" })) },
});

/** `mobile-app` may call `/orders` in RELEASE and TEST; `batch` may call `/orders/[id]` in RELEASE. */
const EXPORT = whole({
  "apps-0001.json": page("Apps", "AppAttribute", [app(), app({ AppId: Number(BATCH.id), AppName: "batch" })]),
  [`apps/${BATCH.id}/security.json`]: security({ AppKey: BATCH.key, AppSecret: BATCH.secret }),
  [`groups/${GROUP}/group.json`]: printed({
    ...group(),
    CustomDomains: {
      DomainItem: [domain(), domain({ DomainName: TEST_DOMAIN, BindStageName: "TEST" })],
    },
  }),
  [`groups/${GROUP}/apis-0001.json`]: page("ApiSummarys", "ApiSummary", [
    summary(stages("RELEASE", "TEST")),
    summary({ ApiId: OTHER_API, ApiName: "one", ApiPath: "/orders/[id]" }),
  ]),
  [`groups/${GROUP}/apis/${OTHER_API}/api.json`]: api({
    ApiId: OTHER_API,
    ApiName: "one",
    path: "/orders/[id]",
  }),
  [`${inStage("TEST")}/apps-0001.json`]: authorizedApps(authorized({ StageName: "TEST" })),
  [`${inStage("RELEASE", OTHER_API)}/apps-0001.json`]: authorizedApps(
    authorized({ AppId: Number(BATCH.id) }),
  ),
});

let standalone: Program;
let envoy: EnvoyProcess;
let upstream: Upstream;
beforeAll(async () => {
  const work = await ImportFolder.make("alibaba");
  const { status, output } = await work.run(await work.written("export", EXPORT), "--out", "tenant");
  if (status !== 0) throw new Error(output);
  // A directory of standalone is one folder, without those below it.
  const objects = [...(await work.objects("tenant"))];
  await work.written(
    "resources",
    objects.map(([path, text]) => [path.replace("/", "-"), text] as const),
  );
  const port = await reservePort();
  const listen = ["--listen", `127.0.0.1:${port}`, "--metrics-listen", "127.0.0.1:0"];
  standalone = countersign(["standalone", "resources", ...listen], {}, work.path);
  await standalone.waitFor(/^ready +gRPC/m, 60_000);
  upstream = await startUpstream();
  envoy = await startEnvoyFor([port], upstream.port);
  await eventually(async () => (await send({ path: "/orders", key: "1", secret: "1" })).status !== 503);
}, 120_000);
afterAll(async () => {
  await envoy?.stop();
  await standalone?.stop();
  await upstream?.stop();
});

interface Sent {
  readonly path: string;
  readonly key?: string;
  readonly secret?: string;
  readonly host?: string;
  readonly stage?: string;
}

async function send({ path, key = KEY, secret = SECRET, host = DOMAIN, stage = "RELEASE" }: Sent) {
  const headers = [["host", host], ...npmHeaders({ key, secret, path, stage }), ["connection", "close"]];
  const head = [`GET ${path} HTTP/1.1`, ...headers.map(([name, value]) => `${name}: ${value}`), "", ""];
  return await sendRaw(await envoy.listenerPort("in"), Buffer.from(head.join("\r\n")));
}

describe("through Envoy and an imported tenant, a request as the npm client signs it", () => {
  const cases: Record<string, [Sent, number, string?]> = {
    "for an API that its application may call is allowed": [{ path: "/orders" }, 200],
    "for an API of another application is denied": [{ path: "/orders/5" }, 403, "is invalid for API"],
    "of the other application for its API is allowed": [{ path: "/orders/5", ...BATCH }, 200],
    "of the other application for the first API is denied": [{ path: "/orders", ...BATCH }, 403],
    "with another secret is denied": [{ path: "/orders", secret: BATCH.secret }, 401, "Invalid Signature"],
    "with a key that was not imported is denied": [{ path: "/orders", key: "204860000" }, 401],
    "for TEST at the domain of TEST is allowed": [{ path: "/orders", host: TEST_DOMAIN, stage: "TEST" }, 200],
    "for RELEASE at the domain of TEST is denied": [
      { path: "/orders", host: TEST_DOMAIN },
      403,
      "Invalid Stage",
    ],
    "for TEST at a domain of RELEASE is denied": [{ path: "/orders", stage: "TEST" }, 403, "Invalid Stage"],
    "for an API that is not deployed to TEST is denied": [
      { path: "/orders/5", host: TEST_DOMAIN, stage: "TEST", ...BATCH },
      403,
    ],
  };
  test.each(Object.entries(cases))("%s", async (_, [sent, status, message = ""]) => {
    const reply = await send(sent);
    expect(reply.status).toBe(status);
    expect(reply.head).toContain(message);
  });
});

test("the key pair and the AppId of the vendor are those of the imported Application", async () => {
  expect(standalone.output).toMatch(new RegExp(`Application +default/mobile-app-${APP} +Ready.*key ${KEY}`));
  expect(standalone.output).not.toContain(API);
});
