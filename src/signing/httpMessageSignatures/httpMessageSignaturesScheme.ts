import { SCHEME_ALGORITHMS } from "../../api/vocabulary.ts";
import type { Denial, SigningScheme } from "../model.ts";
import { bodyToHash, hashInSteps } from "./contentDigest.ts";
import { algorithmUnsupported, DENIALS } from "./denials.ts";
import { mistakes } from "./mistakes.ts";
import { sign } from "./sign.ts";
import { algorithmOfKey, isSignatureOver } from "./signatureAlgorithms.ts";
import { signatureBase } from "./signatureBase.ts";
import { type HttpSignature, readSignature } from "./signatureInput.ts";
import { DOCUMENTED } from "./variants.ts";
import { candidates, checkSignature, verifySignature } from "./verify.ts";

/**
 * HTTP message signatures (RFC 9421), with the digest of the body by RFC 9530: `Signature-Input` lists what is covered, with
 * parameters such as `created` and `keyid`, and `Signature` has the signature over that, the signature base.
 * docs/http-message-signatures.md has what must be covered. The base has two axes (variants.ts): whether the client used https
 * or http, and how it spelled the authority.
 */
export const HTTP_MESSAGE_SIGNATURES: SigningScheme<HttpSignature, unknown> = {
  name: "HTTPMessageSignatures",
  // An upstream may verify the signature too: it proves this one request, and nothing else.
  credentialHeaders: [],
  defaultSettings: {},
  missing: DENIALS.signatureMissing,
  read: ({ headers }) => readSignature(headers),
  keyUnknown: DENIALS.keyUnknown,
  keyTypes: ["secret", "public"],
  algorithms: SCHEME_ALGORITHMS.HTTPMessageSignatures,
  algorithmOf: ({ algorithm }, key) => algorithm || (algorithmOfKey(key) ?? ""),
  algorithmUnsupported,
  check: checkSignature,
  bodyToHash,
  hashInSteps,
  verify: verifySignature,
  sign,
  nonce: {
    signed: (_, { nonce }) => nonce || undefined,
    missing: DENIALS.nonceMissing,
    repeated: DENIALS.nonceRepeated,
  },
  diagnose: {
    candidates,
    documented: ({ request, presented }) => signatureBase(request, presented, DOCUMENTED),
    isSignatureOf: (base, { presented, key }) => isSignatureOver(base, presented.signature, key),
    nearMiss: () => undefined,
    mistakes,
    signedHeaders: ({ list }) => list.components.map(({ id }) => id),
    sentAt: ({ headers }) => sentAt(readSignature(headers)),
  },
  voice: { challenge: "Signature", headers: () => ACCEPT_SIGNATURE, body: errorBody },
};

function sentAt(presented: ReturnType<typeof readSignature>): number | undefined {
  const created = presented && "created" in presented ? presented.created : undefined;
  return created === undefined ? undefined : created * 1_000;
}

/** What to cover next time (RFC 9421, section 5). Content-Type and Content-Digest only apply to requests that have them. */
const ACCEPT_SIGNATURE: readonly (readonly [string, string])[] = [
  [
    "accept-signature",
    'sig1=("@method" "@authority" "@path" "@query" "content-type" "content-digest");created',
  ],
];

/** JSON in UTF-8, whatever bytes the message quotes. */
function errorBody({ message, code }: Pick<Denial, "message" | "code">, requestId: string): string {
  return JSON.stringify({ message: Buffer.from(message, "latin1").toString("utf8"), code, requestId });
}
