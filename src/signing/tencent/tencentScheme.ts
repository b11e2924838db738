import { SCHEME_ALGORITHMS } from "../../api/vocabulary.ts";
import { hashInSteps } from "../bodyMd5.ts";
import { type Authorization, readAuthorization } from "../hmacAuthorization/authorizationHeader.ts";
import { algorithmUnsupported, DENIALS } from "../hmacAuthorization/denials.ts";
import { NONCE } from "../hmacAuthorization/nonce.ts";
import { parseDate } from "../hmacAuthorization/rfc1123.ts";
import { VOICE } from "../hmacAuthorization/voice.ts";
import type { SigningScheme } from "../model.ts";
import type { CallerSettings } from "../nearMiss.ts";
import { candidates, documentedString } from "./candidates.ts";
import { bodyToHash } from "./contentMd5.ts";
import { nearMiss } from "./nearMiss.ts";
import { takeApart } from "./parts.ts";
import { sign } from "./sign.ts";
import { candidateInput, checkHeaders, matches, type TencentSignature, verifySignature } from "./verify.ts";

/**
 * The application signature of Tencent Cloud API Gateway: `Authorization: hmac id="…", algorithm="…", headers="…",
 * signature="…"`, an HMAC over signed headers, method, Accept, Content-Type, Content-MD5, path and parameters. docs/signing.md
 * lists what it covers.
 *
 * A string to sign has five axes, each with the values that clients in the field use; a variant is one value of each:
 *
 * | axis | values | where |
 * |---|---|---|
 * | order of the signed headers | sorted by name, as listed | parts.ts: headerLines |
 * | spelling of Content-MD5 | as sent, base64 of hex, base64, hex, empty, of nothing | contentMd5.ts: md5Fields |
 * | path | without the environment's prefix, with it, empty, percent-decoded | signedPaths.ts: signedPaths |
 * | parameters | nineteen styles: what is decoded, the order, how query and form are joined | parameterStyles.ts |
 * | what is left unsigned | nothing, or an open variant of the Application | openVariants.ts |
 *
 * variants.ts puts path, parameters and open variants in the order in which they are tried; candidates.ts adds the other two
 * and joins the lines; verify.ts compares signatures.
 */
export const TENCENT: SigningScheme<Authorization, CallerSettings> = {
  name: "Tencent",
  credentialHeaders: ["authorization"],
  defaultSettings: { parameters: "Auto", openVariants: [] },
  read: readAuthorization,
  keyUnknown: DENIALS.keyUnknown,
  missing: DENIALS.authorizationMissing,
  algorithms: SCHEME_ALGORITHMS.Tencent,
  algorithmUnsupported,
  keyTypes: ["secret"],
  algorithmOf: ({ algorithm }) => algorithm,
  check: checkHeaders,
  bodyToHash,
  hashInSteps,
  verify: verifySignature,
  sign,
  nonce: NONCE,
  diagnose: {
    candidates: (signature) => candidates(candidateInput(signature)),
    documented: ({ request, presented: authorization, place }) =>
      documentedString({ request, parts: takeApart(request), authorization }, place.environmentPrefix),
    isSignatureOf: matches,
    nearMiss,
    mistakes,
    signedHeaders: ({ signedHeaders }) => signedHeaders.listed,
    sentAt: ({ headers }) => parseDate(headers.single("x-date") ?? ""),
  },
  voice: VOICE,
};

function mistakes(signature: TencentSignature): readonly string[] {
  const { request, presented: authorization, place } = signature;
  const parts = takeApart(request);
  const text = documentedString({ request, parts, authorization }, place.environmentPrefix);
  return matches(`${text}\n`, signature)
    ? ["The caller signed a line feed after the last field: remove it"]
    : [];
}
