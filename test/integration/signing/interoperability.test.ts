import { createPublicKey, generateKeyPairSync, type KeyObject } from "node:crypto";
import { beforeAll, describe, expect, test } from "@jest/globals";
import { signingKey } from "../../../src/signing/algorithms.ts";
import { sign } from "../../../src/signing/httpMessageSignatures/sign.ts";
import {
  HTTP_ALGORITHMS,
  type HttpAlgorithm,
} from "../../../src/signing/httpMessageSignatures/signatureAlgorithms.ts";
import { readSignature } from "../../../src/signing/httpMessageSignatures/signatureInput.ts";
import { checkSignature, verifySignature } from "../../../src/signing/httpMessageSignatures/verify.ts";
import { HeaderLines, isDenial, type VerificationKey } from "../../../src/signing/scheme.ts";
import { findMessageSigners, type MessageSigner } from "../../parts/messageSigners.ts";
import { resultsOf, type SignerJob } from "../../support/signers.ts";

/** Published libraries for RFC 9421: what each signs verifies here, and each verifies what `countersign sign` makes. */
const LIBRARIES = [
  "npm http-message-sig 0.3.0",
  "npm http-message-signatures 1.0.6",
  "PyPI http-message-signatures 3.0.0",
  "Go github.com/yaronf/httpsign 0.4.2",
];

type Lines = readonly (readonly [string, string])[];

interface Case {
  readonly method: string;
  readonly authority: string;
  readonly path: string;
  readonly headers: Lines;
  readonly body: string;
}

const JSON_TYPE: Lines = [["Content-Type", "application/json"]];
const CASES: Readonly<Record<string, Case>> = {
  "a GET": { method: "GET", authority: "api.example.com", path: "/orders", headers: [], body: "" },
  "a GET with a query": {
    ...{ method: "GET", authority: "api.example.com", headers: [], body: "" },
    path: "/orders?b=2&a=x%20y&c=&a=%E8%AE%A2",
  },
  "a path with escapes and another port": {
    ...{ method: "DELETE", authority: "api.example.com:8443", headers: [], body: "" },
    path: "/orders/%E8%AE%A2%20x/7",
  },
  "a POST with a body": {
    ...{ method: "POST", authority: "api.example.com", path: "/orders", headers: JSON_TYPE },
    body: '{"sku": "\u8ba2"}',
  },
};
const KEY_ID = "APIDmobile";
/** As long as an ApiAppSecret of the operator. */
const SECRET = "0123456789abcdefghijABCDEFGHIJ0123456789";
const KEYS: Readonly<Record<HttpAlgorithm, { sign: string; verify: string; key: VerificationKey }>> = {
  "hmac-sha256": { sign: SECRET, verify: SECRET, key: signingKey(SECRET) },
  ed25519: pair(generateKeyPairSync("ed25519").privateKey),
  "ecdsa-p256-sha256": pair(generateKeyPairSync("ec", { namedCurve: "P-256" }).privateKey),
};
const GRID = HTTP_ALGORITHMS.flatMap((algorithm) =>
  Object.entries(CASES).map(([name, one]) => ({ name: `${algorithm} over ${name}`, algorithm, one })),
);

let signers: ReadonlyMap<string, MessageSigner>;
beforeAll(async () => {
  signers = new Map((await findMessageSigners()).map((signer) => [signer.library, signer]));
}, 300_000);

test("the libraries are the ones that docs/clients.md names", () => {
  expect([...signers.keys()]).toEqual(LIBRARIES);
});

describe.each(LIBRARIES)("%s", (library) => {
  test("signs what verifies here, and what does not once it is altered", async () => {
    const results = await resultsOf(
      signerOf(library),
      GRID.map(({ algorithm, one }) => signJob(algorithm, one)),
    );
    const found = GRID.map(({ name, algorithm, one }, at) => {
      const { headers, error } = results[at] ?? {};
      if (!headers) return [name, error];
      const altered = { ...one, method: one.method === "GET" ? "HEAD" : "PUT" };
      return [name, `${verdict(one, headers, algorithm)}, altered ${verdict(altered, headers, algorithm)}`];
    });
    const expected = GRID.map(({ name }) => [name, "ok documented, altered SignatureMismatch"]);
    expect(found).toEqual(expected);
  });

  test("verifies what sign() makes, and not once it is altered", async () => {
    const jobs = GRID.flatMap(({ algorithm, one }) => {
      const job = verifyJob(algorithm, one);
      return [job, { ...job, method: job.method === "GET" ? "HEAD" : "PUT" }];
    });
    const results = await resultsOf(signerOf(library), jobs);
    const found = GRID.map(({ name }, at) => {
      const [sent, altered] = results.slice(2 * at, 2 * at + 2);
      return [name, sent?.verified ?? sent?.error, altered?.verified ?? false];
    });
    expect(found).toEqual(GRID.map(({ name }) => [name, true, false]));
  });
});

function signerOf(library: string): MessageSigner {
  const signer = signers.get(library);
  if (!signer) throw new Error(`there is no program for ${library}`);
  return signer;
}

function pair(privateKey: KeyObject) {
  const key = createPublicKey(privateKey);
  const pem = (one: KeyObject, type: "pkcs8" | "spki") =>
    one.export({ type, format: "pem" } as never).toString();
  return { sign: pem(privateKey, "pkcs8"), verify: pem(key, "spki"), key };
}

function componentsOf({ headers, body }: Case): readonly string[] {
  const sent = headers.map(([name]) => name.toLowerCase());
  return ["@method", "@authority", "@path", "@query", ...sent, ...(body === "" ? [] : ["content-digest"])];
}

function jobOf(algorithm: HttpAlgorithm, one: Case): Omit<SignerJob, "do" | "key"> {
  const { method, authority, path, headers, body } = one;
  const message = { method, url: `https://${authority}${path}`, headers };
  const encoded = Buffer.from(body).toString("base64");
  return { ...message, body: encoded, algorithm, keyId: KEY_ID, components: componentsOf(one) };
}

function signJob(algorithm: HttpAlgorithm, one: Case): SignerJob {
  return { ...jobOf(algorithm, one), do: "sign", key: KEYS[algorithm].sign };
}

function verifyJob(algorithm: HttpAlgorithm, one: Case): SignerJob {
  const { method, authority, path, headers } = one;
  const body = Buffer.from(one.body);
  const added = sign(
    { method, authority, path, headers, body },
    { keyId: KEY_ID, secret: KEYS[algorithm].sign, algorithm },
    new Date(),
  );
  return {
    ...jobOf(algorithm, one),
    do: "verify",
    headers: [...headers, ...added.headers],
    key: KEYS[algorithm].verify,
  };
}

/** `ok` with the variant, or the code of the denial. */
function verdict({ method, authority, path, body }: Case, lines: Lines, algorithm: HttpAlgorithm): string {
  const headers = new HeaderLines(lines);
  const bytes = Buffer.from(body);
  const request = {
    ...{ method, authority, path, headers },
    body: bytes.length > 0 ? ({ kind: "bytes", bytes } as const) : ({ kind: "none" } as const),
  };
  const presented = readSignature(headers);
  if (presented === undefined || isDenial(presented)) return presented?.code ?? "nothing";
  const checked = checkSignature(request, presented, Date.now(), 60_000);
  if (isDenial(checked)) return checked.code;
  const { key } = KEYS[algorithm];
  const found = verifySignature({ request, presented, key, place: { environmentPrefix: "" }, settings: {} });
  return isDenial(found) ? found.code : `ok ${found.name}`;
}
