import { createHmac } from "node:crypto";
import { readdirSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "@jest/globals";
import { signedHeaders } from "../../support/caller.ts";
import { countersign } from "../../support/cluster.ts";
import { eventually } from "../../support/events.ts";
import { applicationManifest, grantManifest, team } from "../../support/manifests.ts";
import { temporaryFolder } from "../../support/temporaryFolder.ts";

const AT = new Date("2026-11-24T09:00:00Z");
const pair = { key: "APIDcaller", secret: "a-secret-of-the-caller" };
const { namespace, host, domain, grant } = team("explain");
let folder: string;

beforeAll(async () => {
  folder = await temporaryFolder("explain");
  await mkdir(join(folder, "yaml"));
  const secret = {
    apiVersion: "v1",
    kind: "Secret",
    metadata: { name: "pair", namespace },
    stringData: { ApiAppKey: pair.key, ApiAppSecret: pair.secret },
  };
  const application = applicationManifest("mobile-app", namespace, {
    credentials: { source: "Imported", importFrom: { name: "pair" } },
  });
  const shadow = grantManifest("shadow", namespace, host, { enforcement: "Shadow" }, "/shadow");
  const items = [domain, application, grant, shadow, secret];
  await writeFile(join(folder, "yaml/all.json"), JSON.stringify({ kind: "List", items }));
  await writeFile(join(folder, "secret"), pair.secret);
});

interface Sent {
  readonly path?: string;
  readonly signedPath?: string;
  readonly change?: (headers: Record<string, string>) => void;
  readonly at?: string;
  readonly secret?: string;
}

/** Runs explain over a request that was signed at nine. */
async function explain(sent: Sent, ...args: string[]) {
  const path = sent.path ?? "/orders";
  const credentials = { key: pair.key, secret: sent.secret ?? pair.secret };
  const headers = signedHeaders({
    port: 0,
    path,
    signedPath: sent.signedPath ?? path,
    credentials,
    date: AT,
  });
  sent.change?.(headers);
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
  await writeFile(
    join(folder, "request"),
    `${[`GET ${path} HTTP/1.1`, `Host: ${host}`, ...lines].join("\r\n")}\r\n\r\n`,
  );
  const program = countersign(
    ["explain", "--request", "request", "--at", sent.at ?? AT.toISOString(), ...args],
    {},
    folder,
  );
  const status = await program.ended;
  expect(program.output).not.toContain(pair.secret);
  return {
    status,
    text: program.stdout,
    json: args.includes("json") ? JSON.parse(program.stdout) : undefined,
  };
}
const RESOURCES = ["--resources", "yaml"];
const KEY = ["--key-id", pair.key, "--secret-file", "secret"];

describe("explain", () => {
  test("ends with 0 for an allowed request, and names the grant that allows it", async () => {
    const { status, json } = await explain({}, ...RESOURCES, "-o", "json");
    expect(status).toBe(0);
    expect(json).toEqual({
      decision: "allow",
      code: "Allowed",
      message: null,
      reason: null,
      form: "documented",
      stringToSign: "x-date: Tue, 24 Nov 2026 09:00:00 GMT\nGET\napplication/json\n\n\n/orders",
      applicationId: expect.stringMatching(/^app-/),
      grant: `${namespace}/partners`,
      wouldVerifyWith: null,
      enforcement: "Enforce",
    });
  });

  test("ends with 1 for a refused one, and shows parsed parts, strings, decision and hints", async () => {
    const { status, text } = await explain({ path: "/orders?a=1", signedPath: "/orders?a=2" }, ...RESOURCES);
    expect(status).toBe(1);
    for (const line of [
      /^request +GET \/orders\?a=1 {2}no body$/m,
      /^authorization +key APIDcaller {2}hmac-sha256 {2}signed headers: x-date$/m,
      /^environment +release/m,
      /^does not match +documented$/m,
      /^ +\| \/orders\?a=1$/m,
      /^decision +deny {2}SignatureMismatch {2}HMAC signature does not match/m,
      /^hint /m,
    ])
      expect(text).toMatch(line);
  });

  test("reports the decision that a Shadow grant would enforce, and that the request is allowed", async () => {
    const enforcement = /^enforcement +Shadow: a verifier reports this decision, and allows the request$/m;
    const allowed = await explain({ path: "/shadow" }, ...RESOURCES);
    expect(allowed.status).toBe(0);
    expect(allowed.text).toMatch(new RegExp(`^grant admits +${namespace}/shadow`, "m"));
    expect(allowed.text).toMatch(enforcement);
    const denied = await explain({ path: "/shadow", signedPath: "/other" }, ...RESOURCES);
    expect(denied.status).toBe(1);
    expect(denied.text).toMatch(/^decision +deny {2}SignatureMismatch/m);
    expect(denied.text).toMatch(enforcement);
    const { json } = await explain({ path: "/shadow" }, ...RESOURCES, "-o", "json");
    expect(json.enforcement).toBe("Shadow");
    expect((await explain({}, ...RESOURCES)).text).not.toMatch(/^enforcement/m);
  });

  test("ends with 2 when it cannot find out", async () => {
    expect((await explain({}, "--resources", "nowhere")).status).toBe(2);
    expect((await explain({}, "--key-id", "APIDx", "--secret-file", "nowhere")).status).toBe(2);
  });

  test("looks at the signature alone when it is given a key", async () => {
    expect((await explain({ path: "/anything" }, ...KEY)).status).toBe(0);
    expect((await explain({ path: "/release/x", signedPath: "/x" }, ...KEY)).status).toBe(1);
    const cut = ["--environment-prefix", "/release"];
    expect((await explain({ path: "/release/x", signedPath: "/x" }, ...KEY, ...cut)).status).toBe(0);
  });

  test("lists the settings under which a request would verify", async () => {
    const sent = { path: "/x?a=b%2Bc", signedPath: "/x?a=b+c" };
    const { json } = await explain(sent, ...KEY, "-o", "json");
    expect(json).toMatchObject({ decision: "deny", wouldVerifyWith: { parameters: "Decoded" } });
    expect((await explain(sent, ...KEY, "--parameters", "Decoded")).status).toBe(0);
  });

  const hints: Record<string, [Sent, RegExp]> = {
    "a clock that is behind": [{ at: "2026-11-24T09:20:00Z" }, /X-Date is 1200 s behind/],
    "a clock that is ahead": [{ at: "2026-11-24T08:30:00Z" }, /X-Date is 1800 s ahead/],
    "an Accept that the client library set": [
      { change: (headers) => Object.assign(headers, { accept: "text/plain" }) },
      /made with Accept "application\/json", but "text\/plain" was sent/,
    ],
    "a path that the library rewrote": [
      { path: "/orders/%e5", signedPath: "/orders/%E5" },
      /rewrote it, from \/orders\/%E5/,
    ],
    "a prefix that was signed": [
      { path: "/orders", signedPath: "/test/orders" },
      /with the prefix \/test in front/,
    ],
    "an unknown key": [
      {
        change: (headers) =>
          Object.assign(headers, {
            authorization: headers.authorization?.replace("APIDcaller", "APIDother"),
          }),
      },
      /read the credentials Secret again/,
    ],
    "a secret that is another": [
      { secret: "another-secret-of-somebody" },
      /compare the strings, then the secret/,
    ],
  };
  test.each(Object.entries(hints))("hints at %s", async (_, [sent, hint]) => {
    const { status, text } = await explain(sent, ...RESOURCES);
    expect([status, text]).toEqual([1, expect.stringMatching(hint)]);
  });

  test("shows where the caller's own string begins to differ", async () => {
    await writeFile(
      join(folder, "string"),
      "x-date: Tue, 24 Nov 2026 09:00:00 GMT\nGET\napplication/json\n\n\n/order\n",
    );
    const { text } = await explain({ signedPath: "/order" }, ...RESOURCES, "--string-to-sign", "string");
    expect(text).toMatch(/^caller's +differs from line 6, character 7 on: its end instead of "s"/m);
  });

  test("prints no control characters of the request", async () => {
    const { text } = await explain(
      { change: (headers) => Object.assign(headers, { "x-date": "\u001b[2J" }) },
      ...RESOURCES,
    );
    expect(text).not.toContain("\u001b");
  });
});

test.each(["explain", "replay"])(
  "a run over a directory leaves no copy of the state directory behind when Ctrl-C ends it: %s",
  async (command) => {
    const [many, temporary] = ["many", "tmp"].map((name) => join(folder, `${command}-${name}`));
    for (const name of [many, temporary]) await mkdir(name ?? "");
    const items = Array.from({ length: 50 }, (_, index) => applicationManifest(`app-${index}`, namespace));
    await writeFile(join(many ?? "", "all.json"), JSON.stringify({ kind: "List", items }));
    await writeFile(join(folder, "request"), `GET /orders HTTP/1.1\r\nHost: ${host}\r\n\r\n`);
    const input = command === "explain" ? ["--request", "request"] : ["request"];
    const args = [command, ...input, "--resources", many ?? ""];
    const program = countersign(args, { TMPDIR: temporary }, folder);
    await eventually(() => readdirSync(temporary ?? "").length > 0);
    expect([await program.stop("SIGINT"), program.output]).toEqual([130, expect.any(String)]);
    expect(readdirSync(temporary ?? "")).toEqual([]);
  },
  30_000,
);

describe("a request of a capture", () => {
  const entry = (headers: Record<string, string>, more: object = {}) => ({
    startedDateTime: AT.toISOString(),
    request: {
      method: "GET",
      url: `https://${host}/orders`,
      headers: Object.entries(headers).map(([name, value]) => ({ name, value })),
      bodySize: 0,
      ...more,
    },
    response: {},
  });
  const signed = signedHeaders({ port: 0, path: "/orders", credentials: pair, date: AT });
  const har = (...entries: readonly object[]) => JSON.stringify({ log: { creator: { name: "x" }, entries } });

  async function explainFile(content: string, ...args: string[]) {
    await writeFile(join(folder, "capture"), content);
    const program = countersign(["explain", "--request", "capture", ...RESOURCES, ...args], {}, folder);
    const status = await program.ended;
    expect(program.output).not.toContain("    at ");
    return { status, text: program.stdout, output: program.output };
  }

  test("is decided at its own time, without --at", async () => {
    const { status, text } = await explainFile(har(entry(signed)));
    expect([status, text]).toEqual([0, expect.stringMatching(/^decision +allow {2}Allowed$/m)]);
  });

  test("is named by its id where there are several", async () => {
    const file = har(entry(signed), entry({}));
    expect((await explainFile(file, "--id", "1")).status).toBe(0);
    expect((await explainFile(file, "--id", "2")).text).toMatch(/AuthorizationMissing/);
    expect(await explainFile(file)).toMatchObject({
      status: 2,
      output: expect.stringMatching(/several requests: name one by --id/),
    });
    expect(await explainFile(file, "--id", "3")).toMatchObject({
      status: 2,
      output: expect.stringMatching(/no request with the id 3/),
    });
  });

  test("may be a line of JSON", async () => {
    const headers = [["Host", host], ...Object.entries(signed)];
    const line = JSON.stringify({
      id: "a",
      time: AT.toISOString(),
      method: "GET",
      target: "/orders",
      headers,
    });
    expect((await explainFile(`${line}\n${line.replace('"a"', '"b"')}\n`, "--id", "b")).status).toBe(0);
  });

  test("that lacks something ends with 2, and names it", async () => {
    const file = har(entry(signed, { bodySize: 7 }));
    const { status, text } = await explainFile(file);
    expect([status, text]).toEqual([
      2,
      expect.stringMatching(/^decision +not decidable {2}the HAR has no body/m),
    ]);
    const json = JSON.parse((await explainFile(file, "-o", "json")).text);
    expect(json).toMatchObject({
      decision: "undecidable",
      code: null,
      reason: expect.stringMatching(/no body/),
    });
  });

  test("without a time needs --at", async () => {
    const headers = [
      ...Object.entries({ ":method": "GET", ":path": "/orders", ":authority": host, ...signed }),
    ];
    const pieces = [
      { request_headers: { headers: headers.map(([key, value]) => ({ key, value })) } },
      { response_headers: { headers: [] } },
    ];
    const tap = pieces
      .map((piece) => JSON.stringify({ http_streamed_trace_segment: { trace_id: "1", ...piece } }))
      .join("\n");
    expect(await explainFile(tap)).toMatchObject({
      status: 2,
      output: expect.stringMatching(/when the request was received.*--at/),
    });
    expect((await explainFile(tap, "--at", AT.toISOString())).status).toBe(0);
  });

  test("that is broken is named with its place", async () => {
    const { status, output } = await explainFile(har(entry(signed)).slice(0, -30));
    expect([status, output]).toEqual([
      2,
      expect.stringMatching(/capture:1 \(entry 1\): the HAR ends in the middle/),
    ]);
  });
});

describe("explain of an HTTP message signature", () => {
  const base = (query: string, created: number) =>
    [
      '"@method": GET',
      `"@authority": ${host}`,
      '"@path": /orders',
      `"@query": ${query}`,
      `"@signature-params": ("@method" "@authority" "@path" "@query");created=${created};keyid="${pair.key}"`,
    ].join("\n");

  /** A request for `/orders?a=1` that was signed over this query, at nine. */
  const over = (query: string) => (headers: Record<string, string>) => {
    for (const name of Object.keys(headers)) delete headers[name];
    const text = base(query, AT.getTime() / 1_000);
    const signature = createHmac("sha256", pair.secret).update(text).digest("base64");
    headers["signature-input"] = `sig1=${/\(.*$/.exec(text)?.[0]}`;
    headers.signature = `sig1=:${signature}:`;
  };

  test("shows the signature base that matches", async () => {
    const { status, text } = await explain({ path: "/orders?a=1", change: over("?a=1") }, ...KEY);
    expect(text).toMatch(/^time +2026-11-24T09:00:00.000Z {2}signed at: 2026-11-24T09:00:00.000Z$/m);
    expect(text).toMatch(/^ +\| "@query": \?a=1$/m);
    expect(text).toMatch(/^decision +allow {2}Allowed$/m);
    expect(status).toBe(0);
  });

  test("names the mistake that explains a signature that does not match", async () => {
    const { status, text } = await explain({ path: "/orders?a=1", change: over("a=1") }, ...KEY);
    expect(text).toMatch(/^hint +The caller signed "@query" without its \?/m);
    expect(status).toBe(1);
  });

  test("names the parameter that is too far from the time of the decision", async () => {
    const at = "2026-11-24T10:00:00Z";
    const { text } = await explain({ path: "/orders?a=1", change: over("?a=1"), at }, ...KEY);
    expect(text).toMatch(/^hint +The parameter created is 3600 s behind/m);
  });
});
