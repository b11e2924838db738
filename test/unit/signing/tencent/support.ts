import type { OpenVariant, ParameterSetting } from "../../../../src/api/vocabulary.ts";
import { signingKey } from "../../../../src/signing/algorithms.ts";
import {
  type Authorization,
  parseAuthorization,
} from "../../../../src/signing/hmacAuthorization/authorizationHeader.ts";
import {
  type Denial,
  HeaderLines,
  isDenial,
  type SignedRequest,
  type VerificationKey,
  type VerifyHint,
} from "../../../../src/signing/scheme.ts";
import { candidates } from "../../../../src/signing/tencent/candidates.ts";
import {
  candidateInput,
  type TencentSignature,
  verifySignature,
} from "../../../../src/signing/tencent/verify.ts";

/** A request as a test writes it. */
export interface Sent {
  readonly method: string;
  readonly path: string;
  readonly headers: readonly (readonly [string, string])[];
  readonly body?: string;
  readonly authority?: string;
}

export function requestOf(sent: Sent): SignedRequest {
  const body = sent.body === undefined ? undefined : Buffer.from(sent.body, "latin1");
  return {
    method: sent.method,
    path: sent.path,
    authority: sent.authority ?? "api.example.com",
    headers: new HeaderLines(sent.headers),
    body: body && body.length > 0 ? { kind: "bytes", bytes: body } : { kind: "none" },
  };
}

/** Where a request lies, and the settings of its Application. */
export interface Context {
  readonly environmentPrefix: string;
  readonly environmentPrefixes?: readonly string[];
  readonly parameters: ParameterSetting;
  readonly openVariants?: readonly OpenVariant[];
}

export const CONTEXT: Context = { environmentPrefix: "", parameters: "Auto" };

export type Verified =
  | { readonly ok: true; readonly form: string; readonly openVariants: readonly OpenVariant[] }
  | { readonly ok: false; readonly denial: Denial };

/** Parses the request's Authorization and verifies it, as a decision does. */
export function verify(sent: Sent, secret: string, context: Context = CONTEXT): Verified {
  const request = requestOf(sent);
  const parsed = parseAuthorization(request.headers.single("authorization") ?? "");
  if (isDenial(parsed)) return { ok: false, denial: parsed };
  return verifyParsed(request, parsed, signingKey(secret), context);
}

export function verifyParsed(
  request: SignedRequest,
  presented: Authorization,
  key: VerificationKey,
  context: Context,
): Verified {
  const found = verifySignature(signatureOf(request, presented, key, context));
  if (isDenial(found)) return { ok: false, denial: found };
  return { ok: true, form: found.name, openVariants: found.openVariants };
}

export function signatureOf(
  request: SignedRequest,
  presented: Authorization,
  key: VerificationKey,
  { parameters, openVariants = [], ...place }: Context,
): TencentSignature {
  return { request, presented, key, place, settings: { parameters, openVariants } };
}

/** Every string that verify() would try for an Authorization that signs these headers. */
export function stringsOf(
  request: SignedRequest,
  context: Context,
  names: readonly string[] = ["x-date"],
  hint?: VerifyHint,
) {
  return [...candidates(inputOf(request, context, hint, names))];
}

/** What those strings are made of. */
export function inputOf(
  request: SignedRequest,
  context: Context,
  hint?: VerifyHint,
  names: readonly string[] = ["x-date"],
) {
  const signature = signatureOf(request, authorizationOver(names), NO_KEY, context);
  return candidateInput(signature, undefined, hint);
}

const NO_KEY = signingKey("a-secret");

/** An Authorization that lists these headers as signed, in this order. */
export function authorizationOver(
  listed: readonly string[],
  signature: Buffer = Buffer.alloc(32),
): Authorization {
  return {
    keyId: "k",
    algorithm: "hmac-sha256",
    signedHeaders: { listed, sorted: listed.toSorted() },
    signature,
  };
}

/** Flips one bit of base64 text's bytes, and keeps the spelling canonical. */
export function oneBitOff(base64: string): string {
  const bytes = Buffer.from(base64, "base64");
  bytes.writeUInt8(bytes.readUInt8(bytes.length - 1) ^ 1, bytes.length - 1);
  return bytes.toString("base64");
}
