import type { SignedRequest } from "../model.ts";
import type { Authorization } from "./authorizationHeader.ts";
import { DENIALS } from "./denials.ts";

/** The header of the vendor's plugin against replays. */
const NONCE_HEADER = "x-apigw-nonce";

/** How callers of the vendor's schemes send a nonce: as a header that they sign. */
export const NONCE = {
  signed: signedNonce,
  missing: DENIALS.nonceMissing,
  repeated: DENIALS.nonceRepeated,
} as const;

/** A nonce that is sent but not listed is not signed. */
function signedNonce({ headers }: SignedRequest, { signedHeaders }: Authorization): string | undefined {
  if (!signedHeaders.listed.includes(NONCE_HEADER)) return undefined;
  return headers.single(NONCE_HEADER) || undefined;
}
