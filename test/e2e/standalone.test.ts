import { createHash, createHmac } from "node:crypto";
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import { stringify } from "yaml";
import { type Answer, type Call, type Credentials, send, signedHeaders } from "../support/caller.ts";
import type { Program } from "../support/childProcess.ts";
import { countersign, startEnvoyFor } from "../support/cluster.ts";
import type { EnvoyProcess } from "../support/envoyProcess.ts";
import { eventually } from "../support/events.ts";
import { applicationManifest, grantManifest, team } from "../support/manifests.ts";
import { outcomeOf } from "../support/outcome.ts";
import { reservePort } from "../support/ports.ts";
import { sendRaw } from "../support/rawHttp.ts";
import { temporaryFolder } from "../support/temporaryFolder.ts";
import { startUpstream, type Upstream } from "../support/upstream.ts";

let folder: string;
let envoy: EnvoyProcess;
let upstream: Upstream;
let standalone: Program;
let verifierPort: number;
let port: number;
const { namespace, host, domain, application, grant } = team("alone");

beforeAll(async () => {
  folder = await temporaryFolder("standalone");
  await mkdir(join(folder, "yaml"));
  await write("domain.yaml", domain);
  upstream = await startUpstream();
  verifierPort = await reservePort();
  envoy = await startEnvoyFor([verifierPort], upstream.port);
  port = await envoy.listenerPort("in");
  await start();
  await eventually(async () => (await call({ path: "/orders" })).status === 401);
}, 60_000);
afterAll(async () => {
  await standalone?.stop();
  await envoy?.stop();
  await upstream?.stop();
});

const write = (name: string, ...objects: unknown[]) =>
  writeFile(
    join(folder, "yaml", name),
    objects.map((one) => (typeof one === "string" ? one : stringify(one))).join("---\n"),
  );
const remove = (name: string) => rm(join(folder, "yaml", name));
const call = (sent: Omit<Call, "port">): Promise<Answer> => send({ host, ...sent, port });
const codeOf = ({ status, body }: Answer) => (status === 200 ? "Allowed" : JSON.parse(body || "{}").code);
const until = (code: string, sent: Omit<Call, "port">) =>
  eventually(async () => codeOf(await call(sent)) === code);

async function start(): Promise<void> {
  const listen = ["--listen", `127.0.0.1:${verifierPort}`, "--metrics-listen", "127.0.0.1:0"];
  standalone = countersign(["standalone", "yaml", ...listen], {}, folder);
  await standalone.waitFor(/^ready +gRPC/m, 30_000);
}

async function credentialsOf(name: string): Promise<Credentials> {
  const file = join(folder, ".countersign/credentials", namespace, `${name}-credentials.yaml`);
  return await eventually(async () => {
    const text = await readFile(file, "utf8").catch(() => "");
    const [key, secret] = ["ApiAppKey", "ApiAppSecret"].map(
      (field) => new RegExp(`${field}: (\\S+)`).exec(text)?.[1],
    );
    return key !== undefined && secret !== undefined && { key, secret };
  });
}

/** How many Checks Envoy has sent that have no answer yet. */
async function askedOfVerifier(): Promise<number> {
  const gauge = "cluster.countersign.upstream_rq_active";
  const text = await (await fetch(`${envoy.adminUrl}/stats?filter=^${gauge}$`)).text();
  return Number(text.split(": ")[1]);
}

/** An Application that may call /orders. */
async function granted(): Promise<Omit<Call, "port">> {
  await write("application.yaml", application);
  await write("grant.yaml", grant);
  const sent = { path: "/orders", credentials: await credentialsOf("mobile-app") };
  await until("Allowed", sent);
  return sent;
}

describe("without a cluster", () => {
  test("three files open an API, in whatever order they come", async () => {
    await write("grant.yaml", grant);
    await standalone.waitFor(new RegExp(`ApiGrant +${namespace}/partners +Ready`));
    await write("application.yaml", application);
    await until("Allowed", { path: "/orders", credentials: await credentialsOf("mobile-app") });
  }, 30_000);

  test("a file that goes closes it after the grace", async () => {
    const sent = await granted();
    await remove("grant.yaml");
    await until("NoApiMatch", sent);
    await standalone.waitFor(new RegExp(`ApiGrant +${namespace}/partners +Deleted`));
  }, 30_000);

  test("P41: an Application that is suspended in its file is refused", async () => {
    const sent = await granted();
    await write("application.yaml", applicationManifest("mobile-app", namespace, { suspended: true }));
    await until("ApplicationSuspended", sent);
    await write("application.yaml", application);
    await until("Allowed", sent);
  }, 30_000);

  test("P11: with replay protection a nonce that the caller signs admits one request", async () => {
    const sent = await granted();
    const required = { replayProtection: { mode: "Required" } };
    await write("application.yaml", applicationManifest("mobile-app", namespace, required));
    await until("NonceMissing", sent);
    const once = { ...sent, nonce: "one", date: new Date() };
    expect([await call(once), await call(once)].map(codeOf)).toEqual(["Allowed", "NonceRepeated"]);
    expect(codeOf(await call({ ...once, nonce: "another" }))).toBe("Allowed");
    await write("application.yaml", application);
    await until("Allowed", sent);
  }, 30_000);

  test("a grant in the vendor's notation admits what that gateway did, and the most specific path decides", async () => {
    const apis = (name: string, ...values: readonly string[]) => ({
      apis: [{ name, hosts: [host], paths: values.map((value) => ({ type: "TencentPath", value })) }],
    });
    await granted();
    const open = apis("open", "/file/{name}.json", "^~/user", "/plain");
    await write("vendor.yaml", grantManifest("vendor", namespace, host, open));
    const closed = { ...apis("closed", "=/user/a,b"), applications: [{ name: "another-app" }] };
    await write("closed.yaml", grantManifest("closed", namespace, host, closed));
    const credentials = await credentialsOf("mobile-app");
    await until("Allowed", { path: "/plain", credentials });
    await until("NoApplicationBound", { path: "/user/a,b", credentials });
    const codes: Record<string, string> = {
      "/file/2026/11/report.json": "Allowed",
      "/file/report.xml": "NoApiMatch",
      "/users/5": "Allowed",
      "/user/a,b/5": "Allowed",
      "/user/a%2Cb": "UnsafePath",
      "/plainer/than/that": "Allowed",
      "/plai": "NoApiMatch",
    };
    for (const [path, code] of Object.entries(codes))
      expect([path, codeOf(await call({ path, credentials }))]).toEqual([path, code]);
    await remove("vendor.yaml");
    await remove("closed.yaml");
  }, 30_000);

  test("a grant of an HTTPRoute opens its paths, but no path of a rule that a grant cannot express", async () => {
    const targetRefs = [{ group: "gateway.networking.k8s.io", kind: "HTTPRoute", name: "orders" }];
    const path = (value: string) => ({ type: "PathPrefix", value });
    const rules = [
      { matches: [{ path: path("/routed") }] },
      { matches: [{ path: path("/routed/admin"), headers: [{ name: "x-admin", value: "1" }] }] },
    ];
    const route = {
      apiVersion: "gateway.networking.k8s.io/v1",
      kind: "HTTPRoute",
      metadata: { name: "orders", namespace },
      spec: { hostnames: [host], rules },
    };
    await write("application.yaml", application);
    await write(
      "grant.yaml",
      grantManifest("partners", namespace, host, { apis: [{ name: "orders" }], targetRefs }),
      route,
    );
    const credentials = await credentialsOf("mobile-app");
    await until("Allowed", { path: "/routed/1", credentials });
    expect(codeOf(await call({ path: "/routed/admin", credentials }))).toBe("NoApiMatch");
    expect(codeOf(await call({ path: "/orders", credentials }))).toBe("NoApiMatch");
    await standalone.waitFor(/UnsupportedMatch/);
  }, 30_000);

  test("a grant for an environment that its host does not have reports that, and recovers with the ApiDomain", async () => {
    await write("domain.yaml", domain);
    await write("staging.yaml", grantManifest("staging", namespace, host, { environment: "staging" }));
    await standalone.waitFor(
      /ApiGrant +team-alone\/staging +Not ready: EnvironmentNotFound.*\(which has release, test\)/,
    );
    const environments = [...domain.spec.environments, { name: "staging", pathPrefix: "/staging" }];
    await write("domain.yaml", { ...domain, spec: { ...domain.spec, environments } });
    await standalone.waitFor(/ApiGrant +team-alone\/staging +Ready/);
    await remove("staging.yaml");
    await write("domain.yaml", domain);
  }, 30_000);

  test("a key that is revoked in the file is refused, and its successor is accepted", async () => {
    const sent = await granted();
    const revokedKeys = [sent.credentials?.key];
    await write(
      "application.yaml",
      applicationManifest("mobile-app", namespace, { credentials: { revokedKeys } }),
    );
    await until("KeyUnknown", sent);
    const next = await eventually(async () => {
      const found = await credentialsOf("mobile-app");
      return found.key !== sent.credentials?.key && found;
    });
    await until("Allowed", { ...sent, credentials: next });
  }, 30_000);

  test("a restart keeps keys and ids, and what was taken back meanwhile is never let through", async () => {
    const sent = await granted();
    await standalone.stop();
    expect(standalone.hasEnded).toBe(true);
    await remove("grant.yaml");
    await start();
    expect(await credentialsOf("mobile-app")).toEqual(sent.credentials);
    // From the first answer on: Envoy's 503 while it waits, then the refusal.
    await eventually(async () => {
      const answer = await call(sent);
      expect([503, 403]).toContain(answer.status);
      return answer.status === 403;
    });
    await granted();
  }, 60_000);

  test("SIGTERM ends it with status 0, and a second one in the same directory is refused with a sentence", async () => {
    const second = countersign(
      ["standalone", "yaml", "--listen", "127.0.0.1:0", "--metrics-listen", "127.0.0.1:0"],
      {},
      folder,
    );
    expect(await second.ended).toBe(1);
    expect(second.output).toContain(`is in use by process ${standalone.pid}`);
    expect(await standalone.stop()).toBe(0);
    await start();
  }, 30_000);
});

describe("bad input", () => {
  let sent: Omit<Call, "port">;
  beforeEach(async () => {
    sent = await granted();
  });
  const imported = (name: string, secret: string) =>
    applicationManifest(name, namespace, {
      credentials: { source: "Imported", importFrom: { name: secret } },
    });
  const pair = (name: string, data: object) => ({
    apiVersion: "v1",
    kind: "Secret",
    metadata: { name, namespace, labels: { "countersign.dev/credentials": "true" } },
    stringData: data,
  });

  const files: Record<string, [readonly unknown[], RegExp]> = {
    "malformed YAML": [["a: ["], /^error +yaml\/bad\.yaml:1: is not valid YAML/m],
    "an unknown field": [
      [applicationManifest("bad", namespace, { suspend: true })],
      /^error +yaml\/bad\.yaml:7: Application team-alone\/bad: spec\.suspend: unknown field: remove it/m,
    ],
    "a schema violation": [
      [grantManifest("bad", namespace, host, { environment: "Not A Label" })],
      /^error +yaml\/bad\.yaml:\d+: ApiGrant team-alone\/bad: spec\.environment: /m,
    ],
    "a Secret without the two keys": [
      [pair("halves", { ApiAppKey: "APIDhalf" }), imported("bad", "halves")],
      /Application +team-alone\/bad +Not ready: ImportInvalid.*ApiAppSecret/,
    ],
    "an imported secret with a line end": [
      [
        pair("lines", { ApiAppKey: "APIDline", ApiAppSecret: "Dc44ACV2Da3Gm9JVaaaaaaaaumYRI4CZfVG8Qiuv\n" }),
        imported("bad", "lines"),
      ],
      /Application +team-alone\/bad +Not ready: ImportInvalid.*ends with a line feed: write it without/,
    ],
    "an imported secret under 16 bytes": [
      [
        pair("shorts", { ApiAppKey: "APIDshort", ApiAppSecret: "fifteen-bytes.." }),
        imported("bad", "shorts"),
      ],
      /Application +team-alone\/bad +Not ready: ImportSecretTooShort.*16/,
    ],
    "a Secret to import that is not there": [
      [imported("bad", "nowhere")],
      /Application +team-alone\/bad +Not ready: ImportNotLabelled.*countersign\.dev\/credentials/,
    ],
  };
  test.each(Object.entries(files))(
    "%s is logged with its remedy, and everything else keeps working",
    async (_, [objects, message]) => {
      await write("bad.yaml", ...objects);
      await standalone.waitFor(message);
      expect(codeOf(await call(sent))).toBe("Allowed");
      await remove("bad.yaml");
      await write("domain.yaml", domain);
    },
    30_000,
  );

  test("an imported secret of 10 bytes signs requests once allowShortSecret admits it", async () => {
    const short = { key: "APIDten", secret: "ten_bytes_" };
    const importing = (more: object) => {
      const credentials = { source: "Imported", importFrom: { name: "ten" }, ...more };
      return applicationManifest("short", namespace, { credentials });
    };
    await write("ten.yaml", pair("ten", { ApiAppKey: short.key, ApiAppSecret: short.secret }));
    await write("short.yaml", importing({}));
    await standalone.waitFor(
      /Application +team-alone\/short +Not ready: ImportSecretTooShort.*allowShortSecret/,
    );
    expect(codeOf(await call({ ...sent, credentials: short }))).toBe("KeyUnknown");
    await write("short.yaml", importing({ allowShortSecret: true }));
    await standalone.waitFor(/Application +team-alone\/short +Ready/);
    expect(codeOf(await call({ ...sent, credentials: short }))).toBe("ApiNotGranted");
    await remove("short.yaml");
    await remove("ten.yaml");
  }, 30_000);

  test("P17: a duplicate ApiAppKey stays with the Application that had it first, and the problem of the other is logged", async () => {
    const secret = { ApiAppKey: "APIDtwice", ApiAppSecret: "a-secret-of-the-first" };
    await write("first.yaml", pair("pair-1", secret), imported("first", "pair-1"));
    await standalone.waitFor(/Application +team-alone\/first +Ready/);
    await write(
      "second.yaml",
      pair("pair-2", { ...secret, ApiAppSecret: "a-secret-of-the-second" }),
      imported("second", "pair-2"),
    );
    await standalone.waitFor(/Application +team-alone\/second +Not ready: ApiAppKeyConflict/);
    const asFirst = { ...sent, credentials: { key: "APIDtwice", secret: "a-secret-of-the-first" } };
    const asSecond = { ...sent, credentials: { key: "APIDtwice", secret: "a-secret-of-the-second" } };
    expect(codeOf(await call(asFirst))).toBe("ApiNotGranted");
    expect(codeOf(await call(asSecond))).toBe("SignatureMismatch");
    await remove("first.yaml");
    await remove("second.yaml");
  }, 30_000);
});

describe("through a real Envoy", () => {
  let sent: Omit<Call, "port">;
  beforeAll(async () => {
    sent = await granted();
  }, 30_000);
  const raw = async (...lines: string[]) => {
    const seen = upstream.seen.length;
    const { status } = await sendRaw(port, `${lines.join("\r\n")}\r\nConnection: close\r\n\r\n`);
    return { status, reached: upstream.seen.length - seen };
  };

  test("P22: identity headers of the client never reach the upstream", async () => {
    const forged = { "x-countersign-application-id": "app-forged00", "X-Countersign-Admin": "true" };
    const { headers } = JSON.parse((await call({ ...sent, headers: forged })).body);
    expect(headers["x-countersign-application-id"]).toMatch(/^app-(?!forged)/);
    expect(headers).not.toHaveProperty("x-countersign-admin");
  });

  const unsafe = [
    "/orders/../admin",
    "//orders",
    "/orders%2fadmin",
    "/orders%5cadmin",
    "/orders#/admin",
    "/orders;x",
  ];
  test.each(unsafe)("P1: %s is refused and reaches no upstream", async (path) => {
    const { status, reached } = await raw(`GET ${path} HTTP/1.1`, `Host: ${host}`);
    expect(status).toBeGreaterThanOrEqual(400);
    expect(reached).toBe(0);
  });

  describe("P1: a path beyond ASCII", () => {
    const PATH = "/%E8%AE%A2%E5%8D%95";
    const lower = PATH.toLowerCase();
    const everything = grantManifest("everything", namespace, host, {}, "/");
    const accented = (name: string) =>
      grantManifest("accented", namespace, host, { applications: [{ name }] }, PATH);
    afterAll(() => remove("accented.yaml"));

    test("is one API with hex digits in either case, and reaches the upstream as it was sent", async () => {
      await write("accented.yaml", accented("mobile-app"));
      await until("Allowed", { ...sent, path: `${PATH}/7` });
      const answers = await Promise.all([PATH, lower].map((path) => call({ ...sent, path })));
      expect(answers.map(({ body }) => JSON.parse(body).url)).toEqual([PATH, lower]);
    }, 30_000);

    test("is not opened in any spelling by a grant of / once another grant names it", async () => {
      await write("accented.yaml", accented("missing"), everything);
      await until("Allowed", { ...sent, path: "/anything" });
      await until("NoApplicationBound", { ...sent, path: PATH });
      for (const path of [PATH, lower, `${PATH}/7`, `${lower}/7`])
        expect([path, codeOf(await call({ ...sent, path }))]).toEqual([path, "NoApplicationBound"]);
    }, 30_000);

    test("as raw bytes is refused over HTTP/1.1, and is the same API over HTTP/2, where Envoy escapes them", async () => {
      const target = Buffer.from("/订单").toString("latin1");
      const credentials = sent.credentials ?? { key: "", secret: "" };
      const outcome = (http2: boolean) => outcomeOf(port, { target, host, http2 }, { credentials, upstream });
      expect([await outcome(false), await outcome(true)]).toEqual(["400", "403 NoApplicationBound"]);
      await write("accented.yaml", accented("mobile-app"));
      await until("Allowed", { ...sent, path: PATH });
      expect(await outcome(true)).toBe("200");
      expect(upstream.seen.at(-1)?.url).toBe(PATH);
    }, 30_000);
  });

  test("P2: CONNECT and OPTIONS * reach no upstream", async () => {
    const answers = await Promise.all([
      raw("OPTIONS * HTTP/1.1", `Host: ${host}`),
      raw(`CONNECT ${host}:443 HTTP/1.1`, `Host: ${host}:443`),
    ]);
    for (const { status, reached } of answers) {
      expect(status === 0 || status >= 400).toBe(true);
      expect(reached).toBe(0);
    }
  });

  test("P3: the host is the same in capitals, with a port and with a dot", async () => {
    for (const spelt of [host.toUpperCase(), `${host}:8443`, `${host}.`])
      expect([spelt, (await call({ ...sent, host: spelt })).status]).toEqual([spelt, 200]);
  });

  test("P5: two Authorization lines are refused", async () => {
    const signed = signedHeaders({ ...sent, port });
    const lines = Object.entries(signed).map(([name, value]) => `${name}: ${value}`);
    expect(await raw("GET /orders HTTP/1.1", `Host: ${host}`, ...lines)).toEqual({ status: 200, reached: 1 });
    const twice = await raw(
      "GET /orders HTTP/1.1",
      `Host: ${host}`,
      ...lines,
      `authorization: ${signed.authorization}`,
    );
    expect(twice).toEqual({ status: 401, reached: 0 });
  });

  test("P6: a signed header with bytes that are not UTF-8 is verified as it was sent", async () => {
    const answer = await raw("GET /orders HTTP/1.1", `Host: ${host}`, "x-note: \xff\xfe", ...unsignedLines());
    expect(answer.status).toBe(401);
    const lines = Object.entries(signedHeaders({ ...sent, port })).map(
      ([name, value]) => `${name}: ${value}`,
    );
    expect(await raw("GET /orders HTTP/1.1", `Host: ${host}`, "x-note: \xff\xfe", ...lines)).toEqual({
      status: 200,
      reached: 1,
    });
  });

  test("P14: a body that was changed on the way is refused", async () => {
    const post = { ...sent, port, method: "POST", body: '{"sku":7}' };
    expect((await call({ ...sent, method: "POST", body: '{"sku":7}' })).status).toBe(200);
    const lines = Object.entries(signedHeaders(post)).map(([name, value]) => `${name}: ${value}`);
    const head = [
      "POST /orders HTTP/1.1",
      `Host: ${host}`,
      ...lines,
      "Content-Length: 9",
      "Connection: close",
    ];
    const seen = upstream.seen.length;
    expect((await sendRaw(port, `${head.join("\r\n")}\r\n\r\n{"sku":8}`)).status).toBe(401);
    expect(upstream.seen).toHaveLength(seen);
  });

  const JSON_TYPE = "application/json";
  const bodies: Record<
    string,
    readonly [contentType: string, body: Buffer, more?: Readonly<Record<string, string>>]
  > = {
    "an empty one": [JSON_TYPE, Buffer.alloc(0)],
    "JSON with UTF-8": [JSON_TYPE, Buffer.from('{"name":"Zoë 商店"}')],
    "bytes that are no text": ["application/octet-stream", Buffer.from([0, 255, 33, 254, 10, 13])],
    "gzip, as sent": [JSON_TYPE, gzipSync('{"sku":7}'), { "content-encoding": "gzip" }],
    "multipart with a boundary": [
      "multipart/form-data; boundary=b",
      Buffer.from('--b\r\ncontent-disposition: form-data; name="a"\r\n\r\n1\r\n--b--\r\n'),
    ],
    "60 kB": ["text/plain", Buffer.alloc(60_000, "a")],
  };
  describe.each(["content-length", "chunked"] as const)("a body with %s", (framing) => {
    test.each(Object.entries(bodies))(
      "%s is verified as it was sent, and refused when one byte differs",
      async (_, [type, body, more]) => {
        const md5 =
          body.length === 0
            ? ""
            : Buffer.from(createHash("md5").update(body).digest("hex")).toString("base64");
        const date = new Date().toUTCString();
        const text = `x-date: ${date}\nPOST\n*/*\n${type}\n${md5}\n/orders`;
        const { key = "", secret = "" } = sent.credentials ?? {};
        const signature = createHmac("sha256", secret).update(text).digest("base64");
        const lines = Object.entries({
          ...{ accept: "*/*", "content-type": type, "x-date": date, ...more },
          authorization: `hmac id="${key}", algorithm="hmac-sha256", headers="x-date", signature="${signature}"`,
        }).map(([name, value]) => `${name}: ${value}`);
        const post = async (bytes: Buffer) => {
          const head =
            framing === "chunked" ? "Transfer-Encoding: chunked" : `Content-Length: ${bytes.length}`;
          const half = Math.ceil(bytes.length / 2);
          const chunk = (part: Buffer) =>
            part.length === 0
              ? []
              : [Buffer.from(`${part.length.toString(16)}\r\n`), part, Buffer.from("\r\n")];
          const framed =
            framing === "chunked"
              ? [...chunk(bytes.subarray(0, half)), ...chunk(bytes.subarray(half)), Buffer.from("0\r\n\r\n")]
              : [bytes];
          const start = ["POST /orders HTTP/1.1", `Host: ${host}`, ...lines, head, "Connection: close"].join(
            "\r\n",
          );
          return (await sendRaw(port, Buffer.concat([Buffer.from(`${start}\r\n\r\n`), ...framed]))).status;
        };
        expect(await post(body)).toBe(200);
        const other =
          body.length === 0
            ? Buffer.from("x")
            : Buffer.from(body.map((byte, index) => (index === body.length - 1 ? byte ^ 1 : byte)));
        expect(await post(other)).toBe(401);
      },
    );
  });

  test("a decision that takes a while, within the timeout, is waited for", async () => {
    standalone.kill("SIGSTOP");
    const answers = Promise.all(Array.from({ length: 40 }, () => call(sent)));
    try {
      await eventually(async () => (await askedOfVerifier()) === 40, { intervalMs: 10 });
    } finally {
      standalone.kill("SIGCONT");
    }
    expect((await answers).map(({ status }) => status)).toEqual(Array(40).fill(200));
  });

  test("P24: a body above Envoy's limit is answered with 413 and does not reach the upstream", async () => {
    const seen = upstream.seen.length;
    expect((await call({ ...sent, method: "POST", body: "a".repeat(70_000) })).status).toBe(413);
    expect(upstream.seen).toHaveLength(seen);
  });

  function unsignedLines(): string[] {
    return ["accept: application/json"];
  }
});
