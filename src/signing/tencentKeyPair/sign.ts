import { hmac, signingKey } from "../algorithms.ts";
import { authorizationText } from "../hmacAuthorization/authorizationHeader.ts";
import { headerLines } from "../hmacAuthorization/signedHeaders.ts";
import { HeaderLines, type KeyPair, type RequestToSign, type Signed } from "../model.ts";

/** Signs as the vendor documents it: adds x-date and authorization. The headers of `more` come before x-date, in their order. */
export function sign(request: RequestToSign, pair: KeyPair, now: Date, more: readonly string[] = []): Signed {
  const date = ["x-date", now.toUTCString()] as const;
  const listed = [...new Set([...more.map((name) => name.toLowerCase()), "x-date"])];
  const presented = {
    keyId: pair.keyId,
    algorithm: pair.algorithm,
    signedHeaders: { listed, sorted: listed },
    signature: Buffer.alloc(0),
  };
  const headers = new HeaderLines([...request.headers, date]);
  const stringToSign = headerLines({ ...request, headers, body: { kind: "none" } }, presented, "listed");
  const signature = hmac(pair.algorithm, signingKey(pair.secret), stringToSign);
  return { headers: [date, ["authorization", authorizationText({ ...presented, signature })]], stringToSign };
}
