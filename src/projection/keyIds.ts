import type { ApplicationProjection } from "./documents.ts";

/** All that callers of an Application may name as the id of their key: ApiAppKeys, and ids of public keys. */
export function keyIdsOf({ keys, publicKeys = [] }: ApplicationProjection): readonly string[] {
  return [...keys.map(({ apiAppKey }) => apiAppKey), ...publicKeys.map(({ keyId }) => keyId)];
}
