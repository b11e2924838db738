import { hmac, signingKey } from "./algorithms.ts";
import { computedMd5 } from "./contentMd5.ts";
import { documentedString } from "./forms.ts";
import { headerLines, takeApart } from "./parts.ts";
import { type Body, HeaderBlock, type SignedRequest } from "./request.ts";

/** A request that is to be signed; all text is byte strings. */
export interface RequestToSign {
  readonly method: string;
  /** Path and query as they will be sent. */
  readonly path: string;
  readonly authority: string;
  /** What the caller sends anyway; Accept and Content-Type among it are signed. */
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body?: Buffer;
  /** Prefix that the gateway cuts, such as `/release`. */
  readonly environmentPrefix?: string;
}

export interface SigningKey {
  readonly keyId: string;
  readonly secret: string;
  readonly algorithm: string;
}

export interface Signed {
  /** Headers to add: x-date, content-md5 where there is a body that is no form, authorization. */
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly stringToSign: string;
}

/** Signs as the vendor documents it. `more` names further headers to sign, which must be among the request's; x-date always is. */
export function sign(
  request: RequestToSign,
  key: SigningKey,
  now: Date,
  more: readonly string[] = [],
): Signed {
  const date = ["x-date", now.toUTCString()] as const;
  const body: Body =
    request.body && request.body.length > 0 ? { kind: "bytes", bytes: request.body } : { kind: "none" };
  const bare: SignedRequest = { ...request, body, headers: HeaderBlock.of([...request.headers, date]) };
  const parts = takeApart(bare);
  const md5 =
    body.kind === "bytes" && !parts.isForm
      ? [["content-md5", computedMd5(body.bytes)[0] ?? ""] as const]
      : [];
  const signedHeaders = [...new Set([...more.map((name) => name.toLowerCase()), "x-date"])].sort();
  const authorization = {
    keyId: key.keyId,
    algorithm: key.algorithm,
    signedHeaders,
    signature: Buffer.alloc(0),
  };
  const context = { environmentPrefix: request.environmentPrefix ?? "", parameters: "Decoded" } as const;
  const stringToSign = documentedString(parts, headerLines(bare, authorization), request.method, context);
  const signature = hmac(key.algorithm, signingKey(key.secret), stringToSign).toString("base64");
  const value = `hmac id="${key.keyId}", algorithm="${key.algorithm}", headers="${signedHeaders.join(" ")}", signature="${signature}"`;
  return { headers: [date, ...md5, ["authorization", value]], stringToSign };
}
