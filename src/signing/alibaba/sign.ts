import { hmac, signingKey } from "../algorithms.ts";
import { md5Of } from "../bodyMd5.ts";
import {
  type Body,
  HeaderLines,
  type KeyPair,
  type RequestToSign,
  type Signed,
  type SignedRequest,
} from "../model.ts";
import { documentedString } from "./candidates.ts";
import { methodNamed } from "./credentials.ts";
import { mayLeaveBody, takeApart } from "./parts.ts";

/**
 * Signs as the vendor documents it: adds x-ca-key, x-ca-timestamp, content-md5 where there is a body that is no form,
 * x-ca-signature-method where it is not the default, x-ca-signature-headers and x-ca-signature. Signs every x-ca-* header, also
 * those that the request has already, such as x-ca-nonce and x-ca-stage.
 */
export function sign(request: RequestToSign, pair: KeyPair, now: Date, more: readonly string[] = []): Signed {
  const method = methodNamed(pair.algorithm);
  const added = [
    ["x-ca-key", pair.keyId],
    ...(method === undefined ? [] : [["x-ca-signature-method", method] as const]),
    ["x-ca-timestamp", String(now.getTime())],
  ] as const;
  const body: Body =
    request.body && request.body.length > 0 ? { kind: "bytes", bytes: request.body } : { kind: "none" };
  const lines = [...request.headers, ...added];
  const names = namesToSign(lines, more);
  const presented = {
    keyId: pair.keyId,
    algorithm: pair.algorithm,
    signedHeaders: { listed: names, names },
    signature: Buffer.alloc(0),
  };
  const bare: SignedRequest = { ...request, body, headers: new HeaderLines(lines) };
  const plain = takeApart(bare, presented);
  const sentMd5 = mayLeaveBody(plain) ? md5Of(plain.body)[1] : plain.sentMd5;
  const stringToSign = documentedString({ ...plain, sentMd5 });
  const signature = hmac(pair.algorithm, signingKey(pair.secret), stringToSign).toString("base64");
  return {
    headers: [
      ...added,
      ...(sentMd5 === plain.sentMd5 ? [] : [["content-md5", sentMd5] as const]),
      ["x-ca-signature-headers", names.join(",")],
      ["x-ca-signature", signature],
    ],
    stringToSign,
  };
}

function namesToSign(
  lines: readonly (readonly [string, string])[],
  more: readonly string[],
): readonly string[] {
  const own = lines.map(([name]) => name.toLowerCase()).filter((name) => name.startsWith("x-ca-"));
  return [...new Set([...own, ...more.map((name) => name.toLowerCase())])].sort();
}
