import { createPrivateKey, type KeyObject, sign, verify } from "node:crypto";
import { hmac, isHmacOf, signingKey } from "../algorithms.ts";
import { HmacKey } from "../hmacKey.ts";
import type { VerificationKey } from "../model.ts";

/** A signature algorithm of RFC 9421, section 3.3, that callers may use. */
export type HttpAlgorithm = (typeof HTTP_ALGORITHMS)[number];

/** In the order of the CRD's enum. */
export const HTTP_ALGORITHMS = ["hmac-sha256", "ed25519", "ecdsa-p256-sha256"] as const;

/**
 * The algorithm that a key is for. A key has one alone, so that a public key is never taken for a secret; undefined for
 * a key that no algorithm of the scheme uses.
 */
export function algorithmOfKey(key: VerificationKey): HttpAlgorithm | undefined {
  if (key instanceof HmacKey) return "hmac-sha256";
  return algorithmOfPublicKey(key);
}

function algorithmOfPublicKey(key: KeyObject): HttpAlgorithm | undefined {
  if (key.asymmetricKeyType === "ed25519") return "ed25519";
  const isP256 = key.asymmetricKeyType === "ec" && key.asymmetricKeyDetails?.namedCurve === "prime256v1";
  return isP256 ? "ecdsa-p256-sha256" : undefined;
}

/** Whether the signature is the key's over the base, a byte string. */
export function isSignatureOver(base: string, signature: Buffer, key: VerificationKey): boolean {
  if (key instanceof HmacKey) return isHmacOf(base, "hmac-sha256", signature, key);
  switch (algorithmOfPublicKey(key)) {
    case "ed25519":
      return verify(null, Buffer.from(base, "latin1"), key, signature);
    case "ecdsa-p256-sha256":
      return verify("sha256", Buffer.from(base, "latin1"), { key, dsaEncoding: P1363 }, signature);
    default:
      return false;
  }
}

/** The two numbers of the signature one behind the other (RFC 9421, section 3.3.4), not in ASN.1. */
const P1363 = "ieee-p1363";

/** The signature over the base, by a secret as text or, for a public-key algorithm, a private key in PEM. */
export function signatureOver(base: string, algorithm: string, secret: string): Buffer {
  if (algorithm === "hmac-sha256") return hmac(algorithm, signingKey(secret), base);
  const key = createPrivateKey(secret);
  if (algorithmOfPublicKey(key) !== algorithm) throw new Error(`the private key is not for ${algorithm}`);
  const bytes = Buffer.from(base, "latin1");
  return algorithm === "ed25519"
    ? sign(null, bytes, key)
    : sign("sha256", bytes, { key, dsaEncoding: P1363 });
}
