import { PUBLIC_KEY_BEGINS } from "../validation/publicKey.ts";
import { PUBLIC_KEY_ALGORITHMS } from "../vocabulary.ts";
import { time } from "./common.ts";
import type { Schema } from "./schema.ts";

/** A rule of the whole spec: another scheme would never use them. */
export const PUBLIC_KEYS_NEED_THEIR_SCHEME = {
  // The API server evaluates it for the default of the spec too, in which no field has its default yet.
  rule: "!has(self.credentials) || !has(self.credentials.publicKeys) || size(self.credentials.publicKeys) == 0 || (has(self.signing) && 'HTTPMessageSignatures' in self.signing.schemes)",
  message:
    "credentials.publicKeys needs the scheme HTTPMessageSignatures: add it to signing.schemes, or remove the keys",
  fieldPath: ".credentials.publicKeys",
} as const;

/** Public keys of callers that sign with a private key of their own. */
export const publicKeys = {
  type: "array",
  description:
    "Public keys of callers that sign HTTP message signatures with a private key of their own, which stays with them. A key is valid when Programmed is True, and until it is removed here, listed in revokedKeys, or past its expiresAt.",
  maxItems: 16,
  "x-kubernetes-list-type": "map",
  "x-kubernetes-list-map-keys": ["keyId"],
  items: {
    type: "object",
    required: ["keyId", "algorithm", "publicKey"],
    properties: {
      keyId: {
        type: "string",
        description:
          "What callers send as keyid. It must not be an ApiAppKey or keyId of another Application; a hard to guess one, such as the key's JWK thumbprint, is never taken by others.",
        minLength: 1,
        maxLength: 64,
        "x-kubernetes-validations": [
          {
            rule: "self.matches('^[A-Za-z0-9_-]{1,64}$')",
            message: "keyId has 1 to 64 letters, digits, '_' and '-'",
          },
        ],
      },
      algorithm: {
        type: "string",
        description: "The algorithm of the key and of its signatures, by its name in RFC 9421.",
        enum: PUBLIC_KEY_ALGORITHMS,
      },
      publicKey: {
        type: "string",
        description: "The public key in PEM, as openssl pkey -pubout writes it.",
        maxLength: 1024,
        "x-kubernetes-validations": [
          {
            rule: `self.startsWith('${PUBLIC_KEY_BEGINS}')`,
            message: `publicKey begins with ${PUBLIC_KEY_BEGINS}: never write a private key here`,
          },
        ],
      },
      expiresAt: time(
        "expiresAt",
        "From this time on the key is denied, by the verifier's clock. RFC 3339. Unset: never.",
      ),
    },
  },
} as const satisfies Schema;
