/**
 * Signs and verifies requests with a published library, as a caller would: one JSON document on a line of standard input, the result on a
 * line of standard output. The argument is the library. Jobs are described in test/support/signers.ts.
 */
import {
  createHash,
  createHmac,
  createPrivateKey,
  createPublicKey,
  sign,
  timingSafeEqual,
  verify,
} from "node:crypto";
import { createInterface } from "node:readline";
import * as cloudflare from "http-message-sig";
import dhensby from "http-message-signatures";

const P1363 = "ieee-p1363";
const LIBRARIES = {
  "http-message-signatures": { signed: signedByDhensby, isVerified: isVerifiedByDhensby },
  "http-message-sig": { signed: signedByCloudflare, isVerified: isVerifiedByCloudflare },
};
const library = LIBRARIES[process.argv[2]];

for await (const line of createInterface({ input: process.stdin })) {
  const job = JSON.parse(line);
  const result = await done(job).catch((error) => ({ error: String(error) }));
  process.stdout.write(`${JSON.stringify(result)}\n`);
}

async function done(job) {
  if (job.do === "verify") return { verified: await library.isVerified(job) };
  const body = Buffer.from(job.body, "base64");
  const digest =
    body.length > 0
      ? [["Content-Digest", `sha-256=:${createHash("sha256").update(body).digest("base64")}:`]]
      : [];
  const headers = [...job.headers, ...digest];
  return { headers: [...headers, ...(await library.signed({ ...job, headers }))] };
}

async function signedByDhensby({ method, url, headers, algorithm, keyId, key, components, nonce }) {
  const { headers: signed } = await dhensby.httpbis.signMessage(
    {
      key: dhensby.createSigner(algorithm === "hmac-sha256" ? key : createPrivateKey(key), algorithm, keyId),
      fields: components,
      ...(nonce ? { params: ["keyid", "alg", "created", "expires", "nonce"], paramValues: { nonce } } : {}),
    },
    { method, url, headers: Object.fromEntries(headers) },
  );
  return Object.entries(signed).filter(([name]) => /^signature/i.test(name));
}

async function isVerifiedByDhensby({ method, url, headers, algorithm, key }) {
  const verifier = dhensby.createVerifier(
    algorithm === "hmac-sha256" ? key : createPublicKey(key),
    algorithm,
  );
  const keyLookup = async ({ keyid }) => ({ id: keyid, algs: [algorithm], verify: verifier });
  const message = { method, url, headers: Object.fromEntries(headers) };
  return (await dhensby.httpbis.verifyMessage({ keyLookup }, message)) === true;
}

/** The library leaves cryptography to its caller, except for two algorithms. */
function cryptography(algorithm, key) {
  if (algorithm === "hmac-sha256") {
    const mac = (data) => createHmac("sha256", key).update(data).digest();
    return { algorithm, sign: mac, verify: (data, signature) => timingSafeEqual(mac(data), signature) };
  }
  const hash = algorithm === "ed25519" ? null : "sha256";
  return {
    algorithm,
    sign: (data) => sign(hash, data, { key, dsaEncoding: P1363 }),
    verify: (data, signature) => verify(hash, data, { key, dsaEncoding: P1363 }, signature),
  };
}

function descriptor({ method, url, headers }) {
  const fields = headers.map(([name, value]) => ({ name: name.toLowerCase(), value }));
  return { kind: "request", method, targetUri: url, fields };
}

async function signedByCloudflare(job) {
  const { algorithm, key, keyId, components, nonce } = job;
  const created = Math.floor(Date.now() / 1000);
  const fields = await cloudflare.createSignature(descriptor(job), {
    components,
    parameters: { created, alg: algorithm, keyid: keyId, ...(nonce ? { nonce } : {}) },
    signer: cryptography(algorithm, key),
  });
  return [
    ["Signature-Input", fields.signatureInput],
    ["Signature", fields.signature],
  ];
}

async function isVerifiedByCloudflare(job) {
  const { algorithm, key, components } = job;
  const verified = await cloudflare.verifySignature(descriptor(job), {
    policy: {
      ...{
        algorithms: [algorithm],
        requiredComponents: components,
        requiredParameters: ["created", "keyid"],
      },
      ...{ maxAge: 300, clockSkew: 5 },
    },
    resolveVerifier: () => cryptography(algorithm, key),
  });
  return verified.algorithm === algorithm;
}
