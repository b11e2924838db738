import type { UseRecord } from "../../store/store.ts";

/**
 * A longer time without any list of the Leases is a gap, in milliseconds: verifiers that ended meanwhile may have recorded uses that no
 * operator has read. A shorter one is an upgrade of the operator, or an outage of the API server that verifiers survive.
 */
const LONGEST_GAP_MS = 3_600_000;

/**
 * The record after a list of the Leases at `now` (epoch milliseconds). It gets a new beginning if a verifier does not record uses, or after a gap:
 * a key that was used in between would else look unused.
 */
export function continued(before: UseRecord | undefined, isRecorded: boolean, now: number): UseRecord {
  if (!isRecorded || !before || now - before.until > LONGEST_GAP_MS) return { since: now, until: now };
  return { since: Math.min(before.since, now), until: now };
}
