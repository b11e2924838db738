import { createPublicKey, type KeyObject } from "node:crypto";
import type { PublicKeyAlgorithm } from "../vocabulary.ts";

/** PEM of a public key: `-----BEGIN PUBLIC KEY-----`, as `openssl pkey -pubout` writes it. */
export const PUBLIC_KEY_BEGINS = "-----BEGIN PUBLIC KEY-----";

/** What a key of each algorithm is, for an error. */
const KINDS: Readonly<Record<PublicKeyAlgorithm, string>> = {
  ed25519: "an Ed25519 key",
  "ecdsa-p256-sha256": "an EC key on the curve P-256",
};

/** The key that a text in PEM has, if it is one of the algorithm; otherwise what to write, as the rest of a sentence. */
export function parsePublicKey(
  pem: string,
  algorithm: PublicKeyAlgorithm,
): { readonly ok: true; readonly key: KeyObject } | { readonly ok: false; readonly problem: string } {
  const key = keyIn(pem);
  if (!key)
    return { ok: false, problem: "is not the PEM of one public key: write what openssl pkey -pubout prints" };
  if (publicKeyAlgorithmOf(key) === algorithm) return { ok: true, key };
  return { ok: false, problem: `is not ${KINDS[algorithm]}: correct algorithm, or write a key of it` };
}

/** A private key is no public key here: nothing of it may be stored where everybody can read it. */
function keyIn(pem: string): KeyObject | undefined {
  const text = pem.trim();
  if (!text.startsWith(PUBLIC_KEY_BEGINS) || text.indexOf("-----BEGIN", 1) >= 0) return undefined;
  try {
    return createPublicKey(text);
  } catch {
    return undefined; // OpenSSL's message is about ASN.1, the caller's about PEM
  }
}

/** The algorithm that a public key is for; undefined for a key that no algorithm uses. */
export function publicKeyAlgorithmOf(key: KeyObject): PublicKeyAlgorithm | undefined {
  if (key.asymmetricKeyType === "ed25519") return "ed25519";
  return key.asymmetricKeyDetails?.namedCurve === "prime256v1" ? "ecdsa-p256-sha256" : undefined;
}
