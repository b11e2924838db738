import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Client, credentials, type ServiceError } from "@grpc/grpc-js";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { API_VERSION } from "../../../src/api/names.ts";
import { systemClock } from "../../../src/base/clock.ts";
import { dryRun } from "../../../src/cli/shared/capture/dryRun.ts";
import { type HttpMessage, parseHttpMessage } from "../../../src/cli/shared/capture/httpMessage.ts";
import { createLogger } from "../../../src/observe/logger.ts";
import { Verifier } from "../../../src/verifier/verifier.ts";
import { countersign } from "../../support/cluster.ts";
import { decodeResponse, encodeCheck, type HttpAttributes } from "../../support/envoyProtos.ts";
import { temporaryFolder } from "../../support/temporaryFolder.ts";
import { transportUnderTest } from "../../support/transport.ts";
import { type Capture, readCaptures } from "../../unit/signing/tencent/captures.ts";

const HOST = "api.example.com";
const PARTIAL = "x-envoy-auth-partial-body";
const captures = [...readCaptures("captures"), ...readCaptures("captures-altered")];
const settingOf = ({ parameters, open }: Capture) => JSON.stringify({ parameters, open });
/** A key occurs under several settings, so each setting has a world of its own. */
const settings = [...new Set(captures.map(settingOf))];

let folder: string;
const directories = new Map<string, string>();
beforeAll(async () => {
  folder = await temporaryFolder("captures");
  for (const [position, setting] of settings.entries()) {
    const directory = join(folder, String(position));
    await mkdir(directory);
    await writeFile(join(directory, "all.json"), JSON.stringify({ kind: "List", items: world(setting) }));
    directories.set(setting, directory);
  }
}, 60_000);

/** The Applications, key pairs and grants that the captured callers had, as their owners would write them. */
function world(setting: string): readonly object[] {
  const mine = captures.filter((capture) => settingOf(capture) === setting);
  const keys = new Map(mine.map(({ key, secret }) => [key, secret]));
  const { parameters, open } = JSON.parse(setting);
  const environments = ["release", "test", "prepub"].map((name) => ({ name, pathPrefix: `/${name}` }));
  const all = [...environments, { name: "root", pathPrefix: "/" }];
  const object = (kind: string, name: string, spec: object) => ({
    apiVersion: API_VERSION,
    kind,
    metadata: { name, ...(kind === "ApiDomain" ? {} : { namespace: "team" }) },
    spec,
  });
  const applications = [...keys].flatMap(([ApiAppKey, ApiAppSecret], position) => [
    {
      apiVersion: "v1",
      kind: "Secret",
      metadata: { name: `pair-${position}`, namespace: "team" },
      stringData: { ApiAppKey, ApiAppSecret },
    },
    object("Application", `caller-${position}`, {
      credentials: { source: "Imported", importFrom: { name: `pair-${position}` } },
      signing: { parameters, ...(open.length > 0 ? { openVariants: open } : {}) },
    }),
  ]);
  const grants = all.map(({ name }) =>
    object("ApiGrant", `all-${name}`, {
      environment: name,
      apis: [{ name: "all", hosts: [HOST], paths: [{ type: "PathPrefix", value: "/" }] }],
      applications: [...keys].map((_, position) => ({ name: `caller-${position}` })),
    }),
  );
  return [
    object("ApiDomain", "host", { hosts: [HOST], namespaces: { names: ["team"] }, environments: all }),
    ...applications,
    ...grants,
  ];
}

describe.each(settings)("captured requests under %s", (setting) => {
  const mine = captures.filter((capture) => settingOf(capture) === setting);
  let now = 0;
  let verifier: Verifier;
  let client: Client;
  beforeAll(async () => {
    const options = {
      listen: "127.0.0.1:0",
      metricsListen: "127.0.0.1:0",
      transport: transportUnderTest(),
      keepAuthorization: false,
      drainMs: 0,
    };
    verifier = new Verifier(
      { ...options, maxRequestBytes: 16_777_216, errorDetail: "full" },
      {
        logger: createLogger("silent"),
        isReady: () => true,
        staleness: () => 0,
        clock: { ...systemClock, wall: () => now },
      },
    );
    await dryRun(
      directories.get(setting) ?? "",
      join(folder, "none"),
      verifier.index,
      new AbortController().signal,
    );
    client = new Client((await verifier.start()).grpc, credentials.createInsecure());
  }, 60_000);
  afterAll(async () => {
    client.close();
    await verifier.stop();
  });

  const same = (value: Buffer) => value;
  const check = (http: HttpAttributes) =>
    new Promise<string>((resolve, reject) => {
      const done = (error: ServiceError | null, answer?: Buffer) =>
        error
          ? reject(error)
          : resolve(decodeResponse(answer as Buffer).status?.code === 0 ? "allow" : "deny");
      const path = "/envoy.service.auth.v3.Authorization/Check";
      client.makeUnaryRequest(
        path,
        same,
        same,
        encodeCheck(http),
        { deadline: Number.POSITIVE_INFINITY },
        done,
      );
    });

  test.each(mine.map((capture) => [capture.expect, capture.id, capture] as const))(
    "%s in both header shapes: %s",
    async (expected, _, capture) => {
      now = Date.parse(capture.capturedAt);
      const read = parseHttpMessage(Buffer.from(capture.raw, "base64"));
      if (!read.ok) throw new Error(read.problem);
      expect(await check(rawShape(read.message))).toBe(expected);
      const mapped = mapShape(read.message);
      if (mapped) expect(await check(mapped)).toBe(expected);
    },
  );

  test("are decided the same by `countersign replay`", async () => {
    const file = join(folder, "traffic.jsonl");
    const line = ({ id, capturedAt, raw }: Capture) => JSON.stringify({ id, time: capturedAt, raw });
    await writeFile(file, mine.map(line).join("\n"));
    const program = countersign(
      ["replay", file, "--resources", directories.get(setting) ?? "", "-o", "jsonl"],
      {},
      folder,
    );
    const isAllAllowed = mine.every(({ expect }) => expect === "allow");
    expect([await program.ended, program.output]).toEqual([isAllAllowed ? 0 : 1, expect.any(String)]);
    const decided = program.stdout
      .trimEnd()
      .split("\n")
      .map((text) => JSON.parse(text));
    expect(decided.map(({ id, decision }) => [id, decision])).toEqual(
      mine.map(({ id, expect }) => [id, expect]),
    );
  }, 60_000);
});

const pathsOf = ({ method, target }: HttpMessage) => ({
  id: "1",
  method,
  path: target,
  host: HOST,
  protocol: "HTTP/1.1",
});
const linesOf = ({ headers }: HttpMessage) => [
  ...headers.filter(([name]) => !/^(host|transfer-encoding|connection)$/i.test(name)),
  [PARTIAL, "false"] as const,
];

/** As Envoy sends it with `encode_raw_headers` and `pack_as_bytes`. */
function rawShape(message: HttpMessage): HttpAttributes {
  const pseudo = [
    [":authority", HOST],
    [":path", message.target],
  ] as const;
  const headers = [...pseudo, ...linesOf(message)].map(([key, value]) => ({
    key: key.toLowerCase(),
    rawValue: Buffer.from(value, "latin1"),
  }));
  return {
    ...pathsOf(message),
    headerMap: { headers },
    ...(message.body.length > 0 ? { rawBody: message.body } : {}),
  };
}

/** As Envoy sends it without; undefined where that shape cannot carry the request: bytes that are no text, or a `!`. */
function mapShape(message: HttpMessage): HttpAttributes | undefined {
  const headers: Record<string, string> = { ":authority": HOST, ":path": message.target };
  for (const [name, value] of linesOf(message)) {
    const key = name.toLowerCase();
    headers[key] = headers[key] === undefined ? value : `${headers[key]},${value}`;
  }
  const body = message.body.toString("utf8");
  const isText = Buffer.from(body, "utf8").equals(message.body) && !/[!\ufffd]/.test(body);
  const isAscii = Object.values(headers).every(
    (value) => /^[\x20-\x7e\t]*$/.test(value) && !value.includes("!"),
  );
  return isText && isAscii ? { ...pathsOf(message), headers, ...(body === "" ? {} : { body }) } : undefined;
}
