import { generateKeyPairSync, type KeyObject } from "node:crypto";
import type { Algorithm, SchemeName } from "../../src/api/vocabulary.ts";
import type { ApplicationProjection, Projection } from "../../src/projection/documents.ts";
import { schemeNamed } from "../../src/signing/scheme.ts";
import { settings } from "../../test/support/documents.ts";
import { clientLines, type RequestKind, SHAPES, type SignedRequest } from "./requests.ts";
import { type Member, member, projections } from "./world.ts";

/** How the callers of one kind sign. */
export interface CallerKind {
  readonly name: string;
  readonly scheme: SchemeName;
  readonly algorithm: Algorithm;
  /** Callers of this kind sign with the private key of their Application's public key. */
  readonly keys?: { readonly privateKey: KeyObject; readonly publicKey: KeyObject };
  /** Replay protection of their Applications is Required. */
  readonly isProtected?: true;
}

export const TENCENT: CallerKind = { name: "Tencent", scheme: "Tencent", algorithm: "hmac-sha256" };
/** As TENCENT, with replay protection. */
export const PROTECTED: CallerKind = { ...TENCENT, name: "nonces", isProtected: true };

/** What is measured beside TENCENT. */
export const OTHER_KINDS: readonly CallerKind[] = [
  { name: "AlibabaCA", scheme: "AlibabaCA", algorithm: "hmac-sha256" },
  {
    name: "HTTPMessageSignatures hmac-sha256",
    scheme: "HTTPMessageSignatures",
    algorithm: "hmac-sha256",
  },
  {
    name: "HTTPMessageSignatures ed25519",
    scheme: "HTTPMessageSignatures",
    algorithm: "ed25519",
    keys: generateKeyPairSync("ed25519"),
  },
  {
    name: "HTTPMessageSignatures ecdsa-p256-sha256",
    scheme: "HTTPMessageSignatures",
    algorithm: "ecdsa-p256-sha256",
    keys: generateKeyPairSync("ec", { namedCurve: "P-256" }),
  },
];

const KINDS: readonly CallerKind[] = [TENCENT, ...OTHER_KINDS, PROTECTED];
/** Callers of each kind. */
const CALLERS = 1_000;
/** Applications of the world. */
export const POPULATION = KINDS.length * CALLERS;

/** The members of one kind, which are spread over all teams. */
export function membersOf(kind: CallerKind): readonly Member[] {
  const at = KINDS.indexOf(kind);
  return Array.from({ length: CALLERS }, (_, number) => member(number * KINDS.length + at));
}

/** The world of the other parts, in which the Applications of each kind of caller are as many. */
export function mixedProjections(): readonly Projection[] {
  let number = 0;
  return projections(POPULATION).map((document) => {
    if (document.kind !== "Application") return document;
    const kind = KINDS[number % KINDS.length] ?? TENCENT;
    number += 1;
    return { ...document, ...changeFor(kind, document.name) };
  });
}

function changeFor(
  { scheme, algorithm, keys, isProtected }: CallerKind,
  name: string,
): Partial<ApplicationProjection> {
  const publicKey = keys?.publicKey.export({ type: "spki", format: "pem" }).toString();
  return {
    schemes: { [scheme]: settings({ algorithms: [algorithm] }) },
    ...(publicKey === undefined
      ? {}
      : { publicKeys: [{ keyId: publicKeyId(name), algorithm: algorithm as "ed25519", publicKey }] }),
    ...(isProtected ? { replayProtection: { mode: "Required" } } : {}),
  };
}

function publicKeyId(name: string): string {
  return `public-${name}`;
}

/** A request as a member of this kind sends it, with what other clients send beside; with a nonce, that is signed. */
export function requestUnder(
  kind: CallerKind,
  member: Member,
  request: RequestKind,
  nonce?: string,
): SignedRequest {
  const { method, contentType, body } = SHAPES[request];
  const { credentials, host, name } = member;
  const target = "/orders/2026/1001";
  const lines = [
    ["accept", "application/json"],
    ...(contentType === undefined ? [] : [["content-type", contentType]]),
    ...(nonce === undefined ? [] : [["x-apigw-nonce", nonce]]),
  ] as [string, string][];
  const { headers } = schemeNamed(kind.scheme).sign(
    { method, path: target, authority: host, headers: lines, ...(body ? { body } : {}) },
    {
      keyId: kind.keys ? publicKeyId(name) : credentials.key,
      secret: kind.keys?.privateKey.export({ type: "pkcs8", format: "pem" }).toString() ?? credentials.secret,
      algorithm: kind.algorithm,
    },
    new Date(),
    nonce === undefined ? [] : ["x-apigw-nonce"],
  );
  const sent = { method, target, host, lines: [...lines, ...headers, ...clientLines(body)] };
  return body ? { ...sent, body } : sent;
}
