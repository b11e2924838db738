import { Denial } from "../signing/scheme.ts";

/** Denials that are about the verifier and not about the request. */
export const DENIALS = {
  notReady: new Denial(503, "NotReady", "The verifier is not ready"),
  internalError: new Denial(503, "InternalError", "The verifier failed"),
} as const;
