import { compareVersions } from "../../../projection/versions.ts";
import { type LeaseSnapshot, leaseAgeMs } from "../../../store/kube/leases/leaseSnapshot.ts";
import { SILENT_AFTER_MS } from "../../../store/store.ts";

/** live: renews its Lease; silent: does not, and may still decide; ended: its Pod is gone, or its Lease has expired. */
type VerifierState = "live" | "silent" | "ended";

/** One verifier, as `countersign verifiers` shows it. Times are epoch milliseconds by the API server's clock. */
export interface ListedVerifier {
  /** Of its Lease: `<Pod>.<8 characters of the Pod's UID>.<instance>`. */
  readonly name: string;
  /** `namespace/name`; missing on a bare machine. */
  readonly pod?: string;
  readonly node?: string;
  readonly state: VerifierState;
  /** Of Countersign. */
  readonly version?: string;
  /** The projection version that it has applied; "" for none yet. */
  readonly applied: string;
  /** The changes that it has not applied; undefined if the projections may not be listed. */
  readonly lag?: Lag;
  readonly lastContact: number;
  /** The latest time from which it denies everything, if it stays without contact. */
  readonly fencedAt: number;
}

interface Lag {
  readonly changes: number;
  /** Since the oldest of these changes was written, in seconds; 0 without any. */
  readonly seconds: number;
}

/** A projection's version, and when it was written (epoch milliseconds). */
export interface Written {
  readonly version: string;
  readonly at: number;
}

export interface Snapshot {
  readonly leases: readonly LeaseSnapshot[];
  /** UIDs of Pods that were found not to have ended, and of those that have. */
  readonly podEnded: ReadonlyMap<string, boolean>;
  /** Undefined if they may not be listed. */
  readonly projections: readonly Written[] | undefined;
  /** The API server's clock. */
  readonly now: number;
}

/** The verifiers of a snapshot, by name. */
export function listVerifiers({ leases, podEnded, projections, now }: Snapshot): readonly ListedVerifier[] {
  return leases
    .map((lease) => {
      const { name, pod, node, version, applied, leaseDurationSeconds } = lease;
      const lastContact = now - leaseAgeMs(lease, now);
      return {
        name,
        ...(pod ? { pod: `${pod.namespace}/${pod.name}` } : {}),
        ...(node ? { node } : {}),
        state: stateOf(lease, podEnded, now),
        ...(version ? { version } : {}),
        applied,
        ...(projections ? { lag: lagOf(lease, projections, now) } : {}),
        lastContact,
        fencedAt: lastContact + leaseDurationSeconds * 1_000,
      };
    })
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

function stateOf(lease: LeaseSnapshot, podEnded: Snapshot["podEnded"], now: number): VerifierState {
  const uid = lease.pod?.uid;
  const age = leaseAgeMs(lease, now);
  if ((uid !== undefined && podEnded.get(uid)) || age > lease.leaseDurationSeconds * 1_000) return "ended";
  return age > SILENT_AFTER_MS ? "silent" : "live";
}

function lagOf({ applied }: LeaseSnapshot, projections: readonly Written[], now: number): Lag {
  const missing = projections.filter(({ version }) => compareVersions(applied, version) < 0);
  const oldest = missing.reduce((least, { at }) => Math.min(least, at), now);
  return { changes: missing.length, seconds: Math.max(0, Math.round((now - oldest) / 1_000)) };
}
