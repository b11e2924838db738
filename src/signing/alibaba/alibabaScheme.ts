import { SCHEME_ALGORITHMS } from "../../api/vocabulary.ts";
import { hashInSteps } from "../bodyMd5.ts";
import { isForm } from "../contentType.ts";
import type { Denial, SignedRequest, SigningScheme } from "../model.ts";
import type { CallerSettings } from "../nearMiss.ts";
import { documentedString, StringWriter } from "./candidates.ts";
import { type Credentials, readCredentials } from "./credentials.ts";
import { algorithmUnsupported, DENIALS } from "./denials.ts";
import { nearMiss } from "./nearMiss.ts";
import { takeApart } from "./parts.ts";
import { sign } from "./sign.ts";
import { checkHeaders, matches, timestampOf, verifySignature } from "./verify.ts";

/**
 * The application signature of Alibaba Cloud API Gateway: X-Ca-Key, X-Ca-Timestamp, X-Ca-Signature-Headers and
 * X-Ca-Signature, an HMAC over method, Accept, Content-MD5, Content-Type, Date, the listed headers, path and parameters.
 *
 * A string to sign has six axes, each with the values that published clients use; a variant is one value of each:
 *
 * | axis | values | where |
 * |---|---|---|
 * | reading of query and form | decoded, query as sent, both as sent | variants.ts: STYLES |
 * | order of the parameters | by bytes, by UTF-16 units | variants.ts: STYLES |
 * | values of a repeated name | all, the first, joined by commas | selections.ts |
 * | path | as sent, percent-decoded | variants.ts: writeTarget |
 * | lines of the signed headers | sorted by name, in the order of the list | parts.ts: headerLines |
 * | body that is no form | by its MD5, sent or not; left unsigned | parts.ts: md5Field |
 *
 * The environment's prefix is part of the path: no client cuts it. What is left unsigned needs an open variant.
 */
export const ALIBABA_CA: SigningScheme<Credentials, CallerSettings> = {
  name: "AlibabaCA",
  credentialHeaders: [],
  defaultSettings: { parameters: "Auto", openVariants: [] },
  missing: DENIALS.missing,
  read: ({ headers }) => readCredentials(headers),
  keyUnknown: DENIALS.keyUnknown,
  algorithms: SCHEME_ALGORITHMS.AlibabaCA,
  algorithmUnsupported,
  keyTypes: ["secret"],
  algorithmOf: ({ algorithm }) => algorithm,
  check: checkHeaders,
  bodyToHash,
  hashInSteps,
  verify: verifySignature,
  sign,
  diagnose: {
    candidates: ({ request, presented, settings }) =>
      new StringWriter(takeApart(request, presented), settings).candidates(),
    documented: ({ request, presented }) => documentedString(takeApart(request, presented)),
    isSignatureOf: matches,
    nearMiss,
    mistakes: () => [],
    signedHeaders: ({ signedHeaders }) => signedHeaders.listed,
    sentAt: timestampOf,
  },
  nonce: { signed: signedNonce, missing: DENIALS.nonceMissing, repeated: DENIALS.nonceRepeated },
  voice: { challenge: "X-Ca", headers: errorHeaders, body: errorBody },
};

const NONCE_HEADER = "x-ca-nonce";

/** A nonce that is sent but not listed is not signed. */
function signedNonce({ headers }: SignedRequest, { signedHeaders }: Credentials): string | undefined {
  if (!signedHeaders.names.includes(NONCE_HEADER)) return undefined;
  return headers.single(NONCE_HEADER) || undefined;
}

/** The body whose MD5 is compared or computed. */
function bodyToHash({ body, headers }: SignedRequest): Buffer | undefined {
  if (body.kind !== "bytes" || body.bytes.length === 0) return undefined;
  const isSent = (headers.single("content-md5") ?? "") !== "";
  return isSent || !isForm(headers.single("content-type") ?? "") ? body.bytes : undefined;
}

/** Where the vendor's clients look for the reason. */
function errorHeaders(
  { message }: Pick<Denial, "message">,
  requestId: string,
): readonly (readonly [string, string])[] {
  const reason = ["x-ca-error-message", headerValue(message)] as const;
  return requestId === "" ? [reason] : [reason, ["x-ca-request-id", requestId]];
}

/** Printable ASCII: a message may quote any byte that the caller sent, and a header value may not hold all of them. */
function headerValue(message: string): string {
  return message.replace(
    /[^ -~]/g,
    (char) => `%${char.charCodeAt(0).toString(16).toUpperCase().padStart(2, "0")}`,
  );
}

/** JSON in UTF-8 whatever bytes the message quotes. */
function errorBody({ message, code }: Pick<Denial, "message" | "code">, requestId: string): string {
  return JSON.stringify({ message: Buffer.from(message, "latin1").toString("utf8"), code, requestId });
}
