import { Denial } from "../signing/scheme.ts";

/** Denials that are about the verifier and not about the request. */
export const DENIALS = {
  notReady: new Denial(503, "NotReady", "The verifier is not ready"),
  nonceStoreFull: new Denial(503, "NonceStoreFull", "The verifier has no room to remember the nonce"),
  nonceStoreUnavailable: new Denial(503, "NonceStoreUnavailable", "The nonce store cannot be reached"),
  internalError: new Denial(503, "InternalError", "The verifier failed"),
} as const;
