import { createPublicKey, generateKeyPairSync, type KeyObject } from "node:crypto";
import { type InnerList, isInnerList, parseDictionary, serializeParameters } from "structured-headers";
import { signingKey } from "../../../../src/signing/algorithms.ts";
import { componentList } from "../../../../src/signing/httpMessageSignatures/component.ts";
import { sign } from "../../../../src/signing/httpMessageSignatures/sign.ts";
import type { HttpAlgorithm } from "../../../../src/signing/httpMessageSignatures/signatureAlgorithms.ts";
import { signatureOver } from "../../../../src/signing/httpMessageSignatures/signatureAlgorithms.ts";
import { signatureBase } from "../../../../src/signing/httpMessageSignatures/signatureBase.ts";
import { readSignature } from "../../../../src/signing/httpMessageSignatures/signatureInput.ts";
import { DOCUMENTED } from "../../../../src/signing/httpMessageSignatures/variants.ts";
import { checkSignature, verifySignature } from "../../../../src/signing/httpMessageSignatures/verify.ts";
import {
  HeaderLines,
  isDenial,
  type SignedRequest,
  type VerificationKey,
} from "../../../../src/signing/scheme.ts";

export const NOW = Date.parse("2026-11-24T09:00:00Z");
const KEY_ID = "APIDmobile";
export const SECRET = "s3cr3t-s3cr3t-s3cr3t";
const SKEW_MS = 900_000;

/** A request as a test writes it. */
export interface Sent {
  readonly method: string;
  readonly path: string;
  readonly headers: readonly (readonly [string, string])[];
  readonly body?: string;
  readonly authority?: string;
}

export const GET: Sent = { method: "GET", path: "/orders?b=2&a=1", headers: [["accept", "*/*"]] };
export const POST: Sent = {
  method: "POST",
  path: "/orders?b=2&a=1",
  headers: [["content-type", "application/json"]],
  body: '{"sku":7}',
};

export function requestOf(sent: Sent): SignedRequest {
  const { method, path, body } = sent;
  const headers = new HeaderLines(sent.headers);
  const authority = sent.authority ?? "api.example.com";
  const bytes = Buffer.from(body ?? "", "latin1");
  return {
    ...{ method, path, authority, headers },
    body: bytes.length > 0 ? { kind: "bytes", bytes } : { kind: "none" },
  };
}

/** A key of each algorithm: what a caller signs with, and what a verifier has. */
export const KEYS: Readonly<
  Record<HttpAlgorithm, { readonly secret: string; readonly key: VerificationKey }>
> = {
  "hmac-sha256": { secret: SECRET, key: signingKey(SECRET) },
  ed25519: pair(generateKeyPairSync("ed25519").privateKey),
  "ecdsa-p256-sha256": pair(generateKeyPairSync("ec", { namedCurve: "P-256" }).privateKey),
};

function pair(privateKey: KeyObject) {
  return {
    secret: privateKey.export({ type: "pkcs8", format: "pem" }).toString(),
    key: createPublicKey(privateKey),
  };
}

/** The request with what sign() adds. */
export function signed(
  sent: Sent,
  algorithm: HttpAlgorithm = "hmac-sha256",
  more: readonly string[] = [],
): Sent {
  const { method, path, headers, body } = sent;
  const added = sign(
    {
      ...{ method, path, headers, authority: sent.authority ?? "api.example.com" },
      ...(body === undefined ? {} : { body: Buffer.from(body, "latin1") }),
    },
    { keyId: KEY_ID, secret: KEYS[algorithm].secret, algorithm },
    new Date(NOW),
    more,
  );
  return { ...sent, headers: [...headers, ...added.headers] };
}

/** The request with one signature, over the component list and the parameters of `input`. */
export function signedOver(sent: Sent, input: string, algorithm: HttpAlgorithm = "hmac-sha256"): Sent {
  const base = signatureBase(requestOf(sent), inputOf(`sig=${input}`), DOCUMENTED);
  const signature = signatureOver(base, algorithm, KEYS[algorithm].secret).toString("base64");
  const headers = [...sent.headers, ["signature-input", `sig=${input}`], ["signature", `sig=:${signature}:`]];
  return { ...sent, headers: headers as Sent["headers"] };
}

/** The first member of Signature-Input, whatever its tag, as the library parses it. */
export function inputOf(value: string) {
  const [member] = parseDictionary(value).values();
  const list = member && isInnerList(member) ? componentList(member as InnerList) : undefined;
  if (!list || !member) throw new Error(`${value} is no component list`);
  return { list, parametersText: `${list.text}${serializeParameters(member[1])}` };
}

/** `ok <variant>`, or the code of the denial, as a decision comes to it; "nothing" for a request without a signature. */
export function verdict(sent: Sent, key: VerificationKey = KEYS["hmac-sha256"].key, now = NOW): string {
  return verdictOf(requestOf(sent), key, now);
}

export function verdictOf(request: SignedRequest, key: VerificationKey, now = NOW): string {
  const presented = readSignature(request.headers);
  if (presented === undefined) return "nothing";
  if (isDenial(presented)) return presented.code;
  const checked = checkSignature(request, presented, now, SKEW_MS);
  if (isDenial(checked)) return checked.code;
  const place = { environmentPrefix: "" };
  const found = verifySignature({ request, presented, key, place, settings: {} });
  return isDenial(found) ? found.code : `ok ${found.name}`;
}

/** The request with another value of a header. */
export function replaced(sent: Sent, name: string, change: (value: string) => string): Sent {
  return {
    ...sent,
    headers: sent.headers.map(([header, value]) => [header, header === name ? change(value) : value]),
  };
}
