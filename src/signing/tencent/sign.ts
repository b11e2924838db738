import { hmac, signingKey } from "../algorithms.ts";
import { md5Of } from "../bodyMd5.ts";
import { authorizationText } from "../hmacAuthorization/authorizationHeader.ts";
import {
  type Body,
  HeaderLines,
  type KeyPair,
  type RequestToSign,
  type Signed,
  type SignedRequest,
} from "../model.ts";
import { documentedString } from "./candidates.ts";
import { takeApart } from "./parts.ts";

/** Signs as the vendor documents it: adds x-date, content-md5 where there is a body that is no form, and authorization. */
export function sign(request: RequestToSign, pair: KeyPair, now: Date, more: readonly string[] = []): Signed {
  const date = ["x-date", now.toUTCString()] as const;
  const body: Body =
    request.body && request.body.length > 0 ? { kind: "bytes", bytes: request.body } : { kind: "none" };
  const bare: SignedRequest = { ...request, body, headers: new HeaderLines([...request.headers, date]) };
  const parts = takeApart(bare);
  const md5 =
    body.kind === "bytes" && !parts.isFormBody ? [["content-md5", md5Of(body.bytes)[0]] as const] : [];
  const names = [...new Set([...more.map((name) => name.toLowerCase()), "x-date"])].sort();
  const authorization = {
    keyId: pair.keyId,
    algorithm: pair.algorithm,
    signedHeaders: { listed: names, sorted: names },
    signature: Buffer.alloc(0),
  };
  const stringToSign = documentedString(
    { request: bare, parts, authorization },
    request.environmentPrefix ?? "",
  );
  const signature = hmac(pair.algorithm, signingKey(pair.secret), stringToSign);
  const value = authorizationText({ ...authorization, signature });
  return { headers: [date, ...md5, ["authorization", value]], stringToSign };
}
