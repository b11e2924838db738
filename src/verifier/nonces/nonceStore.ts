import type { NonceResult, NonceStoreKind } from "../../api/vocabulary.ts";

/** A nonce that a verified and granted request uses up. */
export interface NonceClaim {
  /** A digest of fixed length; equal for equal nonces of one key alone. */
  readonly id: string;
  /** The applicationId, so that no Application can use up the whole store. */
  readonly applicationId: string;
  /** What names the request: Envoy's stream id, which is the same if Envoy repeats the Check, and which clients cannot choose. */
  readonly requestId: string;
  /** How long to remember the nonce, in milliseconds. */
  readonly windowMs: number;
}

/** Remembers nonces. Of all requests that claim one nonce within its window, one gets `first`. */
export interface NonceStore {
  /** The label of metrics. */
  readonly kind: NonceStoreKind;
  /** Begins to connect, where there is something to connect to. */
  start(): void;
  /** Whether nonces can be checked now. */
  isAvailable(): boolean;
  /** Never throws or rejects. */
  claim(claim: NonceClaim): NonceResult | Promise<NonceResult>;
  close(): Promise<void>;
}
