import { isHmacOf } from "../algorithms.ts";
import type { Authorization } from "../hmacAuthorization/authorizationHeader.ts";
import { signatureMismatch } from "../hmacAuthorization/denials.ts";
import { hasLineFeed, headerLines } from "../hmacAuthorization/signedHeaders.ts";
import type { Denial, SignatureInput, Variant } from "../model.ts";
import { requestUnverifiable } from "../unverifiable.ts";

type KeyPairSignature = SignatureInput<Authorization, unknown>;

/** The one way in which callers write the string to sign. */
export const KEY_PAIR: Variant = { scheme: "TencentKeyPair", name: "key-pair", openVariants: [] };

/** The variant if the signature is the key's over the listed headers, else a denial. The headers must have been checked. */
export function verifySignature(signature: KeyPairSignature): Variant | Denial {
  const { request, presented } = signature;
  if (hasLineFeed(request, presented)) return requestUnverifiable("a signed header holds a line feed");
  const stringToSign = headerLines(request, presented, "listed");
  return matches(stringToSign, signature) ? KEY_PAIR : signatureMismatch(stringToSign);
}

/** Whether the signature is that of this string to sign. */
export function matches(
  stringToSign: string,
  { presented, key }: Pick<KeyPairSignature, "presented" | "key">,
): boolean {
  return isHmacOf(stringToSign, presented.algorithm, presented.signature, key);
}
