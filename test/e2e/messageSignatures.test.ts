import { createPublicKey, generateKeyPairSync, type KeyObject } from "node:crypto";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { stringify } from "yaml";
import { findMessageSigners, type MessageSigner } from "../parts/messageSigners.ts";
import type { Program } from "../support/childProcess.ts";
import { countersign, countersignOutput } from "../support/cluster.ts";
import { type EnvoyProcess, startEnvoy } from "../support/envoyProcess.ts";
import { eventually } from "../support/events.ts";
import { applicationManifest, team } from "../support/manifests.ts";
import { sendRaw } from "../support/rawHttp.ts";
import { resultsOf, type SignerJob } from "../support/signers.ts";
import { temporaryFolder } from "../support/temporaryFolder.ts";
import { startUpstream, type Upstream } from "../support/upstream.ts";

const { namespace, host, domain, grant } = team("signatures");
const ed25519 = generateKeyPairSync("ed25519").privateKey;
const p256 = generateKeyPairSync("ec", { namedCurve: "P-256" }).privateKey;

type Lines = readonly (readonly [string, string])[];

interface Sent {
  readonly method: string;
  readonly path: string;
  readonly headers: Lines;
  readonly body: string;
}

let [folder, upstream, standalone]: [string, Upstream, Program] = [] as never;
let envoys: Readonly<Record<"raw" | "map", EnvoyProcess>>;
let signers: readonly MessageSigner[];
let pair: { readonly key: string; readonly secret: string };

beforeAll(async () => {
  [folder, upstream, signers] = await Promise.all([
    temporaryFolder("message-signatures"),
    startUpstream(),
    findMessageSigners(),
  ]);
  standalone = await startStandalone();
  const port = Number((await standalone.waitFor(/^ready +gRPC \S+:(\d+)/m, 60_000))[1]);
  const config = await countersignOutput([
    ...["envoy-config", "--listen", "127.0.0.1:0", "--admin", "127.0.0.1:0", "--timeout", "5s"],
    ...["--upstream", `http://127.0.0.1:${upstream.port}`, "--verifier", `127.0.0.1:${port}`],
  ]);
  const inMap = config.replaceAll(/"?encode_raw_headers"?: true/g, "encode_raw_headers: false");
  expect(inMap).not.toBe(config);
  envoys = { raw: await startEnvoy(config), map: await startEnvoy(inMap) };
  pair = await credentials();
  for (const envoy of Object.values(envoys)) await serving(envoy);
}, 120_000);

afterAll(async () => {
  for (const envoy of Object.values(envoys ?? {})) await envoy.stop();
  await standalone?.stop();
  await upstream?.stop();
});

async function startStandalone(): Promise<Program> {
  const directory = join(folder, "yaml");
  await mkdir(directory);
  const application = applicationManifest("mobile-app", namespace, {
    signing: { schemes: ["HTTPMessageSignatures"] },
    credentials: {
      publicKeys: [
        { keyId: "ed", algorithm: "ed25519", publicKey: publicPem(ed25519) },
        { keyId: "ec", algorithm: "ecdsa-p256-sha256", publicKey: publicPem(p256) },
      ],
    },
  });
  const objects = [domain, application, grant];
  await writeFile(join(directory, "all.yaml"), objects.map((one) => stringify(one)).join("---\n"));
  const ports = ["--listen", "127.0.0.1:0", "--metrics-listen", "127.0.0.1:0"];
  return countersign(["standalone", directory, ...ports, "--state-dir", join(folder, "state")]);
}

async function serving(envoy: EnvoyProcess): Promise<void> {
  const port = await envoy.listenerPort("in");
  await eventually(async () => (await fetch(`http://127.0.0.1:${port}/`)).status === 401);
}

async function credentials() {
  const file = join(folder, "state/credentials", namespace, "mobile-app-credentials.yaml");
  const text = await readFile(file, "utf8");
  const field = (name: string) => new RegExp(`${name}: (\\S+)`).exec(text)?.[1] ?? "";
  return { key: field("ApiAppKey"), secret: field("ApiAppSecret") };
}

function publicPem(key: KeyObject): string {
  return createPublicKey(key).export({ type: "spki", format: "pem" }).toString();
}

function privatePem(key: KeyObject): string {
  return key.export({ type: "pkcs8", format: "pem" }).toString();
}

/** `200`, or the status and the code of a denial, behind one Envoy. */
async function outcome(shape: "raw" | "map", { method, path, headers, body }: Sent): Promise<string> {
  const seen = upstream.seen.length;
  const length: Lines = body === "" ? [] : [["Content-Length", String(Buffer.byteLength(body))]];
  const lines: Lines = [["Host", host], ...headers, ...length, ["Connection", "close"]];
  const head = [`${method} ${path} HTTP/1.1`, ...lines.map(([name, value]) => `${name}: ${value}`), "", ""];
  const port = await envoys[shape].listenerPort("in");
  const answer = await sendRaw(port, Buffer.from(`${head.join("\r\n")}${body}`));
  expect(upstream.seen.length - seen).toBe(answer.status === 200 ? 1 : 0);
  return answer.status === 200 ? "200" : `${answer.status} ${/"code":"(\w+)"/.exec(answer.body)?.[1]}`;
}

const GET: Sent = { method: "GET", path: "/orders?b=2&a=%E8%AE%A2", headers: [], body: "" };
const POST: Sent = {
  ...{ method: "POST", path: "/orders", body: '{"sku":7}' },
  headers: [["Content-Type", "application/json"]],
};

function jobsFor(sent: Sent): readonly SignerJob[] {
  const keys = [
    ["hmac-sha256", pair.key, pair.secret],
    ["ed25519", "ed", privatePem(ed25519)],
    ["ecdsa-p256-sha256", "ec", privatePem(p256)],
  ] as const;
  const more = sent.body === "" ? [] : ["content-type", "content-digest"];
  return keys.map(([algorithm, keyId, key]) => ({
    ...{ do: "sign", method: sent.method, url: `https://${host}${sent.path}`, headers: sent.headers },
    ...{ body: Buffer.from(sent.body).toString("base64"), algorithm, keyId, key },
    components: ["@method", "@authority", "@path", "@query", ...more],
  }));
}

describe.each(["raw", "map"] as const)("through Envoy with %s headers", (shape) => {
  test("what four libraries sign with three algorithms passes, and its altered twin does not", async () => {
    const found: string[] = [];
    for (const signer of signers)
      for (const sent of [GET, POST]) {
        const jobs = jobsFor(sent);
        const results = await resultsOf(signer, jobs);
        for (const [at, { headers = [] }] of results.entries()) {
          const twin = sent.body === "" ? { path: `${sent.path}&c=1` } : { body: '{"sku":8}' };
          const outcomes = [
            await outcome(shape, { ...sent, headers }),
            await outcome(shape, { ...sent, ...twin, headers }),
          ];
          found.push(`${signer.library} ${sent.method} ${jobs[at]?.algorithm}: ${outcomes.join(", ")}`);
        }
      }
    const expected = signers.flatMap(({ library }) =>
      [GET, POST].flatMap(({ method, body }) =>
        ["hmac-sha256", "ed25519", "ecdsa-p256-sha256"].map((algorithm) => {
          const code = body === "" ? "SignatureMismatch" : "ContentDigestMismatch";
          return `${library} ${method} ${algorithm}: 200, 401 ${code}`;
        }),
      ),
    );
    expect(found).toEqual(expected);
  });

  test("what `countersign sign` makes passes with a key pair and with a private key", async () => {
    await writeFile(join(folder, "secret.txt"), pair.secret);
    await writeFile(join(folder, "private.pem"), privatePem(ed25519));
    const url = `https://${host}${GET.path}`;
    const flags = ["sign", "--scheme", "HTTPMessageSignatures", "-o", "json", "--key-id"];
    for (const own of [
      [pair.key, "--secret-file", join(folder, "secret.txt")],
      ["ed", "--private-key-file", join(folder, "private.pem")],
    ]) {
      const printed = JSON.parse(await countersignOutput([...flags, ...own, url]));
      const headers = Object.entries(printed as Record<string, string>);
      expect(await outcome(shape, { ...GET, headers })).toBe("200");
    }
  });

  test("a denial names the components to sign", async () => {
    const port = await envoys[shape].listenerPort("in");
    const lines = `Signature-Input: sig1=();created=1;keyid="${pair.key}"\r\nSignature: sig1=:AAAA:\r\n`;
    const bytes = `GET /orders HTTP/1.1\r\nHost: ${host}\r\n${lines}Connection: close\r\n\r\n`;
    const { status, head, body } = await sendRaw(port, bytes);
    expect(status).toBe(401);
    expect(head).toMatch(/^www-authenticate: Signature\r?$/im);
    expect(head).toMatch(/^accept-signature: sig1=\("@method" "@authority" "@path" "@query"/im);
    expect(JSON.parse(body)).toMatchObject({ code: "ComponentNotCovered" });
  });
});
