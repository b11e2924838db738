import { ANNOTATION_APPLIED } from "../../api/names.ts";
import { entries, field, number, text } from "../../base/json.ts";
import { writtenAt } from "../../store/kube/managedFields.ts";

/** What doctor saw of a cluster: null is what is not there, undefined what it may not see. */
export interface ClusterSeen {
  /** The API server, for people. */
  readonly where: string;
  /** The API server's clock, epoch milliseconds. */
  readonly now: number;
  /** CustomResourceDefinitions by name. */
  readonly crds: ReadonlyMap<string, unknown>;
  readonly leases: readonly LeaseSeen[] | undefined;
  readonly leader: LeaseSeen | null | undefined;
  readonly accounts: readonly AccountSeen[];
  readonly policies: readonly unknown[] | undefined;
  readonly bindings: readonly unknown[] | undefined;
}

export interface LeaseSeen {
  readonly name: string;
  readonly holder: string;
  readonly applied: string;
  /** All in milliseconds. */
  readonly duration: number;
  /** By the holder's clock. */
  readonly renewedAt: number | undefined;
  /** By the API server's clock, cut to seconds. */
  readonly writtenAt: number | undefined;
  readonly annotations: Readonly<Record<string, string>>;
  readonly resourceVersion: string;
}

/** What the API server lets a ServiceAccount do. */
export interface AccountSeen {
  /** `system:serviceaccount:<namespace>:<name>`. */
  readonly user: string;
  /** What it writes that an admission policy must bound. */
  readonly bounded: string;
  /** Rights that it needs and does not have, for people. */
  readonly missing: readonly string[];
  /** Rights that it has and must not have. */
  readonly excessive: readonly string[];
}

/** Reads a Lease. Its managedFields tell when the API server took the last write. */
export function readLease(object: unknown): LeaseSeen {
  const spec = field(object, "spec");
  const annotations = entries(field(object, "metadata", "annotations")).map(([key, value]) => [
    key,
    text(value),
  ]);
  return {
    name: text(field(object, "metadata", "name")),
    holder: text(field(spec, "holderIdentity")),
    applied: text(field(object, "metadata", "annotations", ANNOTATION_APPLIED)),
    duration: (number(field(spec, "leaseDurationSeconds")) ?? 3_600) * 1_000,
    renewedAt: time(field(spec, "renewTime")),
    writtenAt: writtenAt(object),
    annotations: Object.fromEntries(annotations),
    resourceVersion: text(field(object, "metadata", "resourceVersion")),
  };
}

/** How long ago it was written, by the API server's clock where that is known. */
export function ageOf({ writtenAt, renewedAt }: LeaseSeen, now: number): number {
  return now - (writtenAt ?? renewedAt ?? 0);
}

/** Times of writes are cut to seconds, and a Lease may be renewed while it is looked at. */
const SLACK_MS = 5_000;

/** Whether its holder may be alive. */
export function isLive(lease: LeaseSeen, now: number): boolean {
  return lease.holder !== "" && ageOf(lease, now) < lease.duration + SLACK_MS;
}

function time(value: unknown): number | undefined {
  const found = Date.parse(text(value));
  return Number.isNaN(found) ? undefined : found;
}
