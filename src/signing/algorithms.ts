import { createHmac, createSecretKey, type KeyObject } from "node:crypto";

/** Digest of each algorithm: its name for OpenSSL and its length in bytes. */
const ALGORITHMS: ReadonlyMap<string, { readonly digest: string; readonly length: number }> = new Map([
  ["hmac-sha1", { digest: "sha1", length: 20 }],
  ["hmac-sha256", { digest: "sha256", length: 32 }],
  ["hmac-sha384", { digest: "sha384", length: 48 }],
  ["hmac-sha512", { digest: "sha512", length: 64 }],
  ["hmac-sm3", { digest: "sm3", length: 32 }],
]);

/** The five algorithms of the vendor's gateway, by their names in lower case. */
export const ALGORITHM_NAMES: readonly string[] = [...ALGORITHMS.keys()];

/** A secret, made ready for many signatures: a KeyObject saves half of an HMAC's time. */
export function signingKey(secret: string): KeyObject {
  return createSecretKey(Buffer.from(secret, "utf8"));
}

/** HMAC of a byte string. The name must be one of ALGORITHM_NAMES; any other is a bug and throws. */
export function hmac(algorithm: string, key: KeyObject, text: string): Buffer {
  const found = ALGORITHMS.get(algorithm);
  if (!found) throw new Error(`unknown algorithm ${algorithm}`);
  return createHmac(found.digest, key).update(text, "latin1").digest();
}
