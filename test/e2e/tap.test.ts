import { createHash } from "node:crypto";
import { chmod, mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { connect } from "node:http2";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import type { Credentials } from "../support/caller.ts";
import type { Program } from "../support/childProcess.ts";
import { countersign, countersignOutput } from "../support/cluster.ts";
import { type EnvoyProcess, startEnvoy } from "../support/envoyProcess.ts";
import { eventually } from "../support/events.ts";
import { applicationManifest, grantManifest, team } from "../support/manifests.ts";
import { sendRaw } from "../support/rawHttp.ts";
import { requestBytes, type SignedCall, signedLines } from "../support/signedBytes.ts";
import { temporaryFolder } from "../support/temporaryFolder.ts";
import { startUpstream, type Upstream } from "../support/upstream.ts";

const { namespace, host, domain, grant } = team("tapped");
const credentials: Credentials = { key: "APIDtapped", secret: "a-secret-of-the-caller" };
const FORM = "application/x-www-form-urlencoded";
const BINARY = Buffer.from(Array.from({ length: 4_096 }, (_, at) => (at * 7) % 256));
const LARGE = Buffer.from(JSON.stringify({ items: Array(20_000).fill("caf\u00e9") }));

let folder: string;
let envoy: EnvoyProcess;
let upstream: Upstream;
let standalone: Program;
let port: number;

beforeAll(async () => {
  folder = await temporaryFolder("tap");
  await mkdir(join(folder, "yaml"));
  await mkdir(join(folder, "tap"));
  await chmod(join(folder, "tap"), 0o700);
  const secret = {
    apiVersion: "v1",
    kind: "Secret",
    metadata: { name: "pair", namespace, labels: { "countersign.dev/credentials": "true" } },
    stringData: { ApiAppKey: credentials.key, ApiAppSecret: credentials.secret },
  };
  const application = applicationManifest("mobile-app", namespace, {
    credentials: { source: "Imported", importFrom: { name: "pair" } },
  });
  const inTest = grantManifest("partners-test", namespace, host, { environment: "test" });
  const items = [domain, application, grant, inTest, secret];
  await writeFile(join(folder, "yaml/all.json"), JSON.stringify({ kind: "List", items }));
  upstream = await startUpstream();
  const listen = ["--listen", "127.0.0.1:0", "--metrics-listen", "127.0.0.1:0"];
  standalone = countersign(["standalone", "yaml", ...listen], {}, folder);
  const [, verifier = ""] = await standalone.waitFor(/^ready +gRPC (\S+)/m, 30_000);
  envoy = await startEnvoy(await configuration(verifier));
  port = await envoy.listenerPort("in");
  await eventually(async () => (await live({ target: "/orders" })).code === "Allowed");
}, 60_000);
afterAll(async () => {
  await envoy?.stop();
  await standalone?.stop();
  await upstream?.stop();
});

/** As a user would make it, with ports of the system's choice. */
async function configuration(verifier: string): Promise<string> {
  const text = await countersignOutput([
    ...["envoy-config", "--upstream", `http://127.0.0.1:${upstream.port}`, "--verifier", verifier],
    ...["--listen", "127.0.0.1:0", "--admin", "127.0.0.1:0", "--max-request-bytes", "262144"],
    ...["--tap", join(folder, "tap"), "--resources", join(folder, "yaml")],
  ]);
  return text;
}

interface Live {
  readonly requestId: string;
  /** `Allowed`, or the code in the body of the denial. */
  readonly code: string;
}

/** Sends the request, and reads what the verifier decided. */
async function live(call: SignedCall): Promise<Live> {
  const full = { host, ...call };
  const { status, body } = call.http2
    ? await sendHttp2(full)
    : await sendRaw(port, requestBytes(full, credentials));
  const reply = JSON.parse(body.slice(body.indexOf("{"), body.lastIndexOf("}") + 1));
  return status === 200
    ? { requestId: reply.headers["x-request-id"], code: "Allowed" }
    : { requestId: reply.requestId, code: reply.code };
}

async function sendHttp2(call: SignedCall) {
  const session = connect(`http://127.0.0.1:${port}`);
  const stream = session.request({
    ...{ ":method": call.method ?? "GET", ":path": call.target, ":authority": call.host ?? "" },
    ...Object.fromEntries(signedLines(call, credentials)),
  });
  let status = 0;
  stream.on("response", (headers) => {
    status = Number(headers[":status"]);
  });
  stream.end(call.body);
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk);
  session.close();
  return { status, body: Buffer.concat(chunks).toString() };
}

const post = (body: Buffer | string, contentType: string, more: Partial<SignedCall> = {}): SignedCall => ({
  ...{ method: "POST", target: "/orders", body: Buffer.from(body), contentType },
  ...more,
});

const calls: Record<string, SignedCall> = {
  "a GET": { target: "/orders" },
  "a GET with a query": { target: "/orders/7?b=2&a=%E4%BD%A0", signedTarget: "/orders/7?a=\xe4\xbd\xa0&b=2" },
  "a GET in an environment with a prefix, which the route removes": {
    target: "/test/orders",
    signedTarget: "/orders",
  },
  "a GET over HTTP/2": { target: "/orders", http2: true },
  "a form": post("b=2&a=1", FORM, { md5: "none", signedTarget: "/orders?a=1&b=2" }),
  JSON: post('{"sku": 7}', "application/json", { sendsMd5: true }),
  "JSON in chunks": post('{"sku": 8}', "application/json", { chunked: true }),
  "a binary body": post(BINARY, "application/octet-stream"),
  "a binary body in chunks": post(BINARY, "application/octet-stream", { chunked: true }),
  "a body of several reads": post(LARGE, "application/json"),
  "JSON over HTTP/2": post('{"sku": 9}', "application/json", { http2: true }),
  "an empty body": post("", "application/json"),
  "a body that was changed": post('{"sku": 1}', "application/json", { sentBody: Buffer.from('{"sku": 2}') }),
  "a changed path": { target: "/orders/1", signedTarget: "/orders/2" },
  "no Authorization": { target: "/orders", unsigned: true },
  "a path without a grant": { target: "/refunds" },
  "an old date": { target: "/orders", date: new Date(Date.now() - 3_600_000) },
  "a signed header of one line": { target: "/orders", more: [["x-tenant", "a b"]], listed: ["x-tenant"] },
};

describe("requests that Envoy recorded with the configuration of envoy-config --tap", () => {
  const seen = new Map<string, Live>();
  let rows: ReadonlyMap<
    string,
    { readonly decision: string; readonly code: string; readonly reason: string }
  >;

  beforeAll(async () => {
    for (const [name, call] of Object.entries(calls)) seen.set(name, await live(call));
    rows = await replayed();
  }, 60_000);

  test.each(Object.keys(calls))("%s is decided as it was live", (name) => {
    const { requestId, code } = seen.get(name) as Live;
    expect(rows.get(requestId)).toMatchObject({
      code,
      decision: code === "Allowed" ? "allow" : "deny",
      reason: null,
    });
  });

  test("include allowed requests and denials of several codes", () => {
    const codes = new Set([...seen.values()].map(({ code }) => code));
    for (const code of [
      "Allowed",
      "SignatureMismatch",
      "AuthorizationMissing",
      "NoApiMatch",
      "DateOutOfWindow",
    ])
      expect(codes).toContain(code);
  });

  test("reach the upstream without the header that records their time", () => {
    expect(upstream.seen.length).toBeGreaterThan(0);
    for (const { headers } of upstream.seen) expect(headers).not.toHaveProperty("x-countersign-received-at");
  });

  test("are not recorded any more after the admin interface has stopped it", async () => {
    const response = await fetch(`${envoy.adminUrl}/runtime_modify?countersign.tap=0`, { method: "POST" });
    expect(await response.text()).toBe("OK\n");
    const before = await readdir(join(folder, "tap"));
    await live({ target: "/orders" });
    expect(await readdir(join(folder, "tap"))).toEqual(before);
  });
});

/** The rows of replay by the id of the request. */
async function replayed() {
  const program = countersign(["replay", "tap", "--resources", "yaml", "-o", "jsonl"], {}, folder);
  await program.ended;
  const found = program.stdout
    .trimEnd()
    .split("\n")
    .map((row) => JSON.parse(row));
  return new Map(found.map((row) => [row.id, row] as const));
}

test("the body of a captured request is the one that was sent", async () => {
  const digest = (bytes: Buffer) => createHash("sha256").update(bytes).digest("hex");
  const files = (await readdir(join(folder, "tap"))).map((name) => join(folder, "tap", name));
  const bodies = await Promise.all(files.map(async (file) => bodyIn(await readFile(file, "utf8"))));
  expect(bodies.map(digest)).toContain(digest(LARGE));
});

/** By a reader of its own: the concatenated JSON texts of a file begin at the start of a line each. */
function bodyIn(text: string): Buffer {
  const segments = text.split(/\n(?=\{)/).map((one) => JSON.parse(one).http_streamed_trace_segment);
  const chunks = segments.flatMap(({ request_body_chunk: chunk }) => (chunk ? [chunk.as_bytes] : []));
  return Buffer.concat(chunks.map((chunk) => Buffer.from(chunk, "base64")));
}
