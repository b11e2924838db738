import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { Secret } from "../../src/api/secret.ts";
import { SCHEME_ALGORITHMS, type SchemeName } from "../../src/api/vocabulary.ts";
import { systemClock } from "../../src/base/clock.ts";
import { parseHttpMessage } from "../../src/cli/shared/capture/httpMessage.ts";
import { createLogger } from "../../src/observe/logger.ts";
import type { Projection } from "../../src/projection/documents.ts";
import { Verifier } from "../../src/verifier/verifier.ts";
import { type BothShapes, type HeaderShape, SHAPES, startEnvoysFor } from "../support/bothShapes.ts";
import { type ClientCapture, readClientCaptures } from "../support/clientCaptures.ts";
import { application, domain, grant, key, settings, stored } from "../support/documents.ts";
import { sendRaw } from "../support/rawHttp.ts";
import { transportUnderTest } from "../support/transport.ts";
import { startUpstream, type Upstream } from "../support/upstream.ts";

const HOST = "api.example.com";
const PREFIXES = { release: "/release", test: "/test", prepub: "/prepub", root: "/" } as const;
/** In the order in which they were sent, so that the verifier's clock goes forward. */
const captures = readClientCaptures().toSorted((a, b) => Date.parse(a.capturedAt) - Date.parse(b.capturedAt));

let now = 0;
let upstream: Upstream;
let verifier: Verifier;
let envoys: BothShapes["envoys"];

beforeAll(async () => {
  upstream = await startUpstream();
  verifier = new Verifier(
    {
      ...{ listen: "127.0.0.1:0", metricsListen: "127.0.0.1:0", transport: transportUnderTest() },
      ...{ maxRequestBytes: 16_777_216, keepAuthorization: false, drainMs: 0, errorDetail: "full" },
    },
    {
      logger: createLogger("silent"),
      isReady: () => true,
      staleness: () => 0,
      clock: { ...systemClock, wall: () => now },
    },
  );
  const { grpc } = await verifier.start();
  const underscores = ["--headers-with-underscores", "drop"];
  envoys = await startEnvoysFor(Number(grpc.split(":").at(-1)), upstream.port, ...underscores);
}, 120_000);

afterAll(async () => {
  for (const envoy of Object.values(envoys ?? {})) await envoy.stop();
  await verifier?.stop();
  await upstream?.stop();
});

/** The Application of a captured caller may call everything. It has the settings that its client needs, and these schemes. */
function worldOf(capture: ClientCapture, schemes: readonly SchemeName[]): readonly Projection[] {
  const { parameters, open } = capture;
  const environments = Object.entries(PREFIXES).map(([name, pathPrefix]) => ({ name, pathPrefix }));
  const isHome = capture.scheme === "AlibabaCA";
  const caller = application({
    keys: [key({ apiAppKey: capture.key, apiAppSecret: Secret.of(capture.secret) })],
    schemes: Object.fromEntries(
      schemes.map((name) => {
        return [name, settings({ algorithms: SCHEME_ALGORITHMS[name], parameters, openVariants: [...open] })];
      }),
    ),
  });
  // X-Ca-Stage of the captures is RELEASE, and no client of that scheme has the environment in the path.
  const owned = isHome ? [{ name: "release", pathPrefix: "/" }] : environments;
  return [
    caller,
    domain({ hosts: [HOST], environments: owned }),
    ...owned.map(({ name }) =>
      grant({
        name: `all-${name}`,
        environment: name,
        apis: [{ name: "all", hosts: [HOST], paths: [{ type: "PathPrefix", value: "/" }], methods: [] }],
      }),
    ),
  ];
}

/** The very bytes of the client, but for the host, which no client signs, and a connection that ends. */
function bytesOf(raw: string): Buffer {
  const bytes = Buffer.from(raw, "base64");
  const end = bytes.indexOf("\r\n\r\n");
  const lines = bytes.subarray(0, end).toString("latin1").split("\r\n");
  const kept = lines.filter((line) => !/^(host|connection):/i.test(line));
  const head = [...kept.slice(0, 1), `Host: ${HOST}`, "Connection: close", ...kept.slice(1)].join("\r\n");
  return Buffer.concat([Buffer.from(head, "latin1"), bytes.subarray(end)]);
}

/** "allow" if the request reached the upstream, once; "deny" if it did not, and was denied. */
async function decided(shape: HeaderShape, bytes: Buffer): Promise<string> {
  const seen = upstream.seen.length;
  const { status } = await sendRaw(await envoys[shape].listenerPort("in"), bytes);
  const reached = upstream.seen.length - seen;
  if (status === 200 && reached === 1) return "allow";
  return status >= 400 && status < 500 && reached === 0 ? "deny" : `status ${status}, seen ${reached} times`;
}

/**
 * The decision for an Application that allows these schemes, within 15 minutes of the capture. The clock goes half a second forward
 * each time: for a key with many failures at once the verifier tries the likely variants alone.
 */
async function decidedUnder(
  shape: HeaderShape,
  capture: ClientCapture,
  schemes: readonly SchemeName[],
  bytes = bytesOf(capture.raw),
): Promise<string> {
  now = Math.max(now + 500, Date.parse(capture.capturedAt) - 800_000);
  verifier.index.replace(worldOf(capture, schemes).map((document) => stored(document)));
  return await decided(shape, bytes);
}

/** A map of headers is text, and Envoy puts a `!` in the place of other bytes: such a header cannot be verified, nor can one with a `!`. */
function isCarried({ raw }: ClientCapture): boolean {
  const read = parseHttpMessage(Buffer.from(raw, "base64"));
  if (!read.ok) throw new Error(read.problem);
  const values = [read.message.target, ...read.message.headers.map(([, value]) => value)];
  return values.every((value) => /^[\x20-\x7e\t]*$/.test(value) && !value.includes("!"));
}

type Alteration = (head: string, body: string) => readonly [string, string] | undefined;

/** Changes to what is signed under every setting. */
const ALTERATIONS: Readonly<Partial<Record<SchemeName, Readonly<Record<string, Alteration>>>>> = {
  AlibabaCA: {
    "another path": (head, body) => [head.replace(/ \//, " /x"), body],
    "a further parameter": (head, body) => [
      head.replace(/ HTTP/, (end) => `${/^[^\r]*\?/.test(head) ? "&" : "?"}admin=1${end}`),
      body,
    ],
    "another time": (head, body) => [
      head.replace(/(x-ca-timestamp: \d+)(\d)/i, (_, rest, digit) => `${rest}${(Number(digit) + 1) % 10}`),
      body,
    ],
    "another key": (head, body) => [head.replace(/(x-ca-key: )\d/i, "$19"), body],
  },
  TencentKeyPair: {
    "another time": (head, body) => [
      head.replace(
        /(\r\ndate: .*)(\d)( GMT)/i,
        (_, rest, digit, end) => `${rest}${(Number(digit) + 1) % 10}${end}`,
      ),
      body,
    ],
    "another value of a signed header": (head, body) => {
      const altered = head.replace(/(\r\n(?:source|x-request-from): )/i, "$1x");
      return altered === head ? undefined : [altered, body];
    },
  },
};

function altered({ raw }: ClientCapture, alteration: Alteration): Buffer | undefined {
  const text = bytesOf(raw).toString("latin1");
  const end = text.indexOf("\r\n\r\n");
  const twin = alteration(text.slice(0, end), text.slice(end));
  if (twin?.join("") === text) throw new Error("the alteration changes nothing");
  return twin && Buffer.from(twin.join(""), "latin1");
}

const SCHEMES = Object.keys(SCHEME_ALGORITHMS) as SchemeName[];

describe("through Envoy with raw headers, and with a map of headers", () => {
  const isWhole = (capture: ClientCapture, shape: HeaderShape) => shape === "raw" || isCarried(capture);

  test.each(captures.map((capture) => [capture.scheme, capture.id, capture] as const))(
    "a request of %s is decided as its client expects, and what is made of it is denied: %s",
    async (scheme, _, capture) => {
      for (const shape of SHAPES) {
        const expected = isWhole(capture, shape) ? capture.expect : "deny";
        expect([shape, await decidedUnder(shape, capture, [scheme])]).toEqual([shape, expected]);
        const others = SCHEMES.filter((name) => name !== scheme);
        expect([shape, await decidedUnder(shape, capture, SCHEMES)]).toEqual([shape, expected]);
        expect([shape, await decidedUnder(shape, capture, others)]).toEqual([shape, "deny"]);
        if (capture.expect === "deny") continue;
        for (const [name, alteration] of Object.entries(ALTERATIONS[scheme] ?? {})) {
          const twin = altered(capture, alteration);
          if (!twin) continue;
          const outcome = await decidedUnder(shape, capture, SCHEMES, twin);
          expect([shape, name, outcome]).toEqual([shape, name, "deny"]);
        }
      }
    },
  );
});
