import { VERIFIER_ANNOTATIONS } from "../../api/names.ts";
import { compareVersions } from "../../projection/versions.ts";
import { SILENT_AFTER_MS } from "../../store/store.ts";
import { ageOf, type LeaseSeen } from "../doctor/cluster/seen.ts";

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
  /** What it has not applied; missing where the projections may not be listed. */
  readonly lag?: Lag;
  readonly lastContact: number;
  /** When it denies everything at the latest, if it has no contact any more. */
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
  readonly leases: readonly LeaseSeen[];
  /** UIDs of Pods that were found not to have ended, and of those that have. */
  readonly podEnded: ReadonlyMap<string, boolean>;
  /** Undefined where they may not be listed. */
  readonly projections: readonly Written[] | undefined;
  /** The API server's clock. */
  readonly now: number;
}

/** The verifiers of a snapshot, by name. */
export function listVerifiers({ leases, podEnded, projections, now }: Snapshot): readonly ListedVerifier[] {
  return leases
    .map((lease) => {
      const { annotations } = lease;
      const [namespace, pod] = [annotations[VERIFIER_ANNOTATIONS.podNamespace], podName(lease)];
      const [node, version] = [
        annotations[VERIFIER_ANNOTATIONS.node],
        annotations[VERIFIER_ANNOTATIONS.version],
      ];
      const lastContact = now - ageOf(lease, now);
      return {
        name: lease.name,
        ...(namespace && pod ? { pod: `${namespace}/${pod}` } : {}),
        ...(node ? { node } : {}),
        state: stateOf(lease, podEnded, now),
        ...(version ? { version } : {}),
        applied: lease.applied,
        ...(projections ? { lag: lagOf(lease, projections, now) } : {}),
        lastContact,
        fencedAt: lastContact + lease.duration,
      };
    })
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** The Pod that a Lease names, and its UID; undefined on a bare machine. */
export function podOf(
  lease: LeaseSeen,
): { readonly namespace: string; readonly name: string; readonly uid: string } | undefined {
  const namespace = lease.annotations[VERIFIER_ANNOTATIONS.podNamespace];
  const name = podName(lease);
  const uid = lease.annotations[VERIFIER_ANNOTATIONS.podUid];
  return namespace && name && uid ? { namespace, name, uid } : undefined;
}

function podName({ annotations }: LeaseSeen): string | undefined {
  return annotations[VERIFIER_ANNOTATIONS.podName];
}

function stateOf(lease: LeaseSeen, podEnded: Snapshot["podEnded"], now: number): VerifierState {
  const uid = podOf(lease)?.uid;
  const age = ageOf(lease, now);
  if ((uid !== undefined && podEnded.get(uid)) || age > lease.duration) return "ended";
  return age > SILENT_AFTER_MS ? "silent" : "live";
}

function lagOf({ applied }: LeaseSeen, projections: readonly Written[], now: number): Lag {
  const missing = projections.filter(({ version }) => compareVersions(applied, version) < 0);
  const oldest = missing.reduce((least, { at }) => Math.min(least, at), now);
  return { changes: missing.length, seconds: Math.max(0, Math.round((now - oldest) / 1_000)) };
}
