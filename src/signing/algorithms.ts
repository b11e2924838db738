import { createHmac, createSecretKey, type KeyObject } from "node:crypto";
import type { Algorithm } from "../api/vocabulary.ts";

/** OpenSSL's name of each algorithm's digest. */
const DIGESTS: ReadonlyMap<string, string> = new Map(
  Object.entries({
    "hmac-sha1": "sha1",
    "hmac-sha256": "sha256",
    "hmac-sha384": "sha384",
    "hmac-sha512": "sha512",
    "hmac-sm3": "sm3",
  } satisfies Record<Algorithm, string>),
);

/** A secret, made ready for many signatures: a KeyObject saves half of an HMAC's time. */
export function signingKey(secret: string): KeyObject {
  return createSecretKey(Buffer.from(secret, "utf8"));
}

/** HMAC of a byte string. The name must be one of ALGORITHMS; any other is a bug and throws. */
export function hmac(algorithm: string, key: KeyObject, text: string): Buffer {
  const digest = DIGESTS.get(algorithm);
  if (!digest) throw new Error(`unknown algorithm ${algorithm}`);
  return createHmac(digest, key).update(text, "latin1").digest();
}
