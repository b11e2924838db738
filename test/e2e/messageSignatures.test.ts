import { createPublicKey, generateKeyPairSync, type KeyObject } from "node:crypto";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { findMessageSigners, type MessageSigner } from "../parts/messageSigners.ts";
import { type BothShapes, type HeaderShape, SHAPES, startBothShapes } from "../support/bothShapes.ts";
import { countersignOutput } from "../support/cluster.ts";
import { applicationManifest, team } from "../support/manifests.ts";
import { sendRaw } from "../support/rawHttp.ts";
import { resultsOf, type SignerJob } from "../support/signers.ts";

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

let served: BothShapes;
let signers: readonly MessageSigner[];

beforeAll(async () => {
  const application = applicationManifest("mobile-app", namespace, {
    signing: { schemes: ["HTTPMessageSignatures"] },
    credentials: {
      publicKeys: [
        { keyId: "ed", algorithm: "ed25519", publicKey: publicPem(ed25519) },
        { keyId: "ec", algorithm: "ecdsa-p256-sha256", publicKey: publicPem(p256) },
      ],
    },
  });
  [served, signers] = await Promise.all([
    startBothShapes(namespace, [domain, application, grant]),
    findMessageSigners(),
  ]);
}, 120_000);

afterAll(() => served?.stop());

function publicPem(key: KeyObject): string {
  return createPublicKey(key).export({ type: "spki", format: "pem" }).toString();
}

function privatePem(key: KeyObject): string {
  return key.export({ type: "pkcs8", format: "pem" }).toString();
}

/** `200`, or the status and the code of a denial, behind one Envoy. */
async function outcome(shape: HeaderShape, { method, path, headers, body }: Sent): Promise<string> {
  const seen = served.upstream.seen.length;
  const length: Lines = body === "" ? [] : [["Content-Length", String(Buffer.byteLength(body))]];
  const lines: Lines = [["Host", host], ...headers, ...length, ["Connection", "close"]];
  const head = [`${method} ${path} HTTP/1.1`, ...lines.map(([name, value]) => `${name}: ${value}`), "", ""];
  const port = await served.envoys[shape].listenerPort("in");
  const answer = await sendRaw(port, Buffer.from(`${head.join("\r\n")}${body}`));
  expect(served.upstream.seen.length - seen).toBe(answer.status === 200 ? 1 : 0);
  return answer.status === 200 ? "200" : `${answer.status} ${/"code":"(\w+)"/.exec(answer.body)?.[1]}`;
}

const GET: Sent = { method: "GET", path: "/orders?b=2&a=%E8%AE%A2", headers: [], body: "" };
const POST: Sent = {
  ...{ method: "POST", path: "/orders", body: '{"sku":7}' },
  headers: [["Content-Type", "application/json"]],
};

function jobsFor(sent: Sent): readonly SignerJob[] {
  const keys = [
    ["hmac-sha256", served.pair.key, served.pair.secret],
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

describe.each(SHAPES)("through Envoy with %s headers", (shape) => {
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
    await writeFile(join(served.folder, "secret.txt"), served.pair.secret);
    await writeFile(join(served.folder, "private.pem"), privatePem(ed25519));
    const url = `https://${host}${GET.path}`;
    const flags = ["sign", "--scheme", "HTTPMessageSignatures", "-o", "json", "--key-id"];
    for (const own of [
      [served.pair.key, "--secret-file", join(served.folder, "secret.txt")],
      ["ed", "--private-key-file", join(served.folder, "private.pem")],
    ]) {
      const printed = JSON.parse(await countersignOutput([...flags, ...own, url]));
      const headers = Object.entries(printed as Record<string, string>);
      expect(await outcome(shape, { ...GET, headers })).toBe("200");
    }
  });

  test("a denial names the components to sign", async () => {
    const port = await served.envoys[shape].listenerPort("in");
    const lines = `Signature-Input: sig1=();created=1;keyid="${served.pair.key}"\r\nSignature: sig1=:AAAA:\r\n`;
    const bytes = `GET /orders HTTP/1.1\r\nHost: ${host}\r\n${lines}Connection: close\r\n\r\n`;
    const { status, head, body } = await sendRaw(port, bytes);
    expect(status).toBe(401);
    expect(head).toMatch(/^www-authenticate: Signature\r?$/im);
    expect(head).toMatch(/^accept-signature: sig1=\("@method" "@authority" "@path" "@query"/im);
    expect(JSON.parse(body)).toMatchObject({ code: "ComponentNotCovered" });
  });
});
