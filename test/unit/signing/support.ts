import type { KeyObject } from "node:crypto";
import { signingKey } from "../../../src/signing/algorithms.ts";
import { parseAuthorization } from "../../../src/signing/authorization.ts";
import { HeaderBlock, type SignedRequest } from "../../../src/signing/request.ts";
import type { SigningContext } from "../../../src/signing/signingContext.ts";
import { type Verified, verifySignature } from "../../../src/signing/verify.ts";

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
    headers: HeaderBlock.of(sent.headers),
    body: body && body.length > 0 ? { kind: "bytes", bytes: body } : { kind: "none" },
  };
}

const CONTEXT: SigningContext = { environmentPrefix: "", parameters: "Auto" };

/** Parses the request's Authorization and verifies it, as decide() does. */
export function verify(sent: Sent, secret: string | KeyObject, context: SigningContext = CONTEXT): Verified {
  const request = requestOf(sent);
  const parsed = parseAuthorization(request.headers.single("authorization") ?? "");
  if (!parsed.ok) return parsed;
  return verifySignature(
    request,
    parsed.authorization,
    typeof secret === "string" ? signingKey(secret) : secret,
    context,
  );
}

/** Flips one bit of base64 text's bytes, and keeps the spelling canonical. */
export function oneBitOff(base64: string): string {
  const bytes = Buffer.from(base64, "base64");
  bytes.writeUInt8(bytes.readUInt8(bytes.length - 1) ^ 1, bytes.length - 1);
  return bytes.toString("base64");
}
