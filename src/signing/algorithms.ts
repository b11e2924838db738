import { createHmac, createPublicKey, createSecretKey, type KeyObject, timingSafeEqual } from "node:crypto";
import type { HmacAlgorithm } from "../api/vocabulary.ts";

/** Each algorithm's digest, by its name for OpenSSL. */
const DIGESTS: Readonly<Record<HmacAlgorithm, string>> = {
  "hmac-sha1": "sha1",
  "hmac-sha256": "sha256",
  "hmac-sha384": "sha384",
  "hmac-sha512": "sha512",
  "hmac-sm3": "sm3",
};
const DIGEST_OF: ReadonlyMap<string, string> = new Map(Object.entries(DIGESTS));

/** A secret, made ready for many signatures: a KeyObject saves half of an HMAC's time. */
export function signingKey(secret: string): KeyObject {
  return createSecretKey(Buffer.from(secret, "utf8"));
}

/** A public key in PEM, made ready for many signatures. The text must have been checked when it was written. */
export function publicKey(pem: string): KeyObject {
  return createPublicKey(pem);
}

/** HMAC of a byte string. The name must be one of HMAC_ALGORITHMS; any other is a bug and throws. */
export function hmac(algorithm: string, key: KeyObject, text: string): Buffer {
  return Buffer.from(hmacText(algorithm, key, text), "latin1");
}

/** The same as a byte string, which Node makes in two thirds of the time of a Buffer. */
function hmacText(algorithm: string, key: KeyObject, text: string): string {
  const digest = DIGEST_OF.get(algorithm);
  if (digest === undefined) throw new Error(`unknown algorithm ${algorithm}`);
  return createHmac(digest, key).update(text, "latin1").digest("binary");
}

/** Where digests are put to be compared, by their length. Each comparison is over before the next begins. */
const SCRATCH: Buffer[] = [];

/** Whether a signature is the HMAC of the text, compared in constant time. No other code compares signatures. */
export function isHmacOf(text: string, algorithm: string, signature: Buffer, key: KeyObject): boolean {
  const mac = hmacText(algorithm, key, text);
  const { length } = mac;
  if (length !== signature.length) return false;
  SCRATCH[length] ??= Buffer.alloc(length);
  const digest = SCRATCH[length];
  digest.write(mac, "latin1");
  return timingSafeEqual(digest, signature);
}
