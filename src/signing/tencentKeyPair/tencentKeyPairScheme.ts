import { SCHEME_ALGORITHMS } from "../../api/vocabulary.ts";
import { type Authorization, readAuthorization } from "../hmacAuthorization/authorizationHeader.ts";
import { algorithmUnsupported, DENIALS } from "../hmacAuthorization/denials.ts";
import { NONCE } from "../hmacAuthorization/nonce.ts";
import { headerLines } from "../hmacAuthorization/signedHeaders.ts";
import { VOICE } from "../hmacAuthorization/voice.ts";
import type { SigningScheme } from "../model.ts";
import { checkHeaders, dateOf } from "./date.ts";
import { sign } from "./sign.ts";
import { KEY_PAIR, matches, verifySignature } from "./verify.ts";

/**
 * The key pair authentication of Tencent Cloud API Gateway, which is older than the scheme Tencent: an Authorization that looks
 * the same, over the lines `name: value` of the listed headers alone, in the order of the list, joined by line feeds. One of them
 * is `date` or `x-date`. Method, path, parameters and body are not signed, so an Application has to name the scheme, and gets the
 * condition WeakSigning.
 *
 * No string to sign of this scheme is one of another scheme: each of its lines holds `: `, while those of Tencent and AlibabaCA
 * have a line with the method alone, which is a token, and each line of an RFC 9421 signature base begins with a quotation mark.
 */
export const TENCENT_KEY_PAIR: SigningScheme<Authorization, unknown> = {
  name: "TencentKeyPair",
  credentialHeaders: ["authorization"],
  defaultSettings: undefined,
  read: readAuthorization,
  keyUnknown: DENIALS.keyUnknown,
  missing: DENIALS.authorizationMissing,
  algorithms: SCHEME_ALGORITHMS.TencentKeyPair,
  algorithmUnsupported,
  keyTypes: ["secret"],
  algorithmOf: ({ algorithm }) => algorithm,
  check: checkHeaders,
  bodyToHash: () => undefined,
  hashInSteps: () => [].values(),
  verify: verifySignature,
  sign,
  nonce: NONCE,
  diagnose: {
    candidates: ({ request, presented }) => [
      { variant: KEY_PAIR, stringToSign: headerLines(request, presented, "listed") },
    ],
    documented: ({ request, presented }) => headerLines(request, presented, "listed"),
    isSignatureOf: matches,
    nearMiss: () => undefined,
    mistakes,
    signedHeaders: ({ signedHeaders }) => signedHeaders.listed,
    sentAt: ({ headers }) => dateOf(headers, "x-date") ?? dateOf(headers, "date"),
  },
  voice: VOICE,
};

/** A client that keeps the headers of its previous request signs the Authorization among them, and then replaces it. */
function mistakes({
  presented: { signedHeaders },
}: {
  readonly presented: Authorization;
}): readonly string[] {
  return signedHeaders.listed.includes("authorization")
    ? [
        'headers="…" lists authorization, so the caller signed that of a previous request: begin each request with new headers',
      ]
    : [];
}
