import { ANNOTATION_APPLIED } from "../../../api/names.ts";
import { entries, field, number, text } from "../../../base/json.ts";
import { parseTime } from "../../../base/timestamp.ts";
import type { VerifierLease } from "../../store.ts";
import { readProcess } from "./leaseAnnotations.ts";
import { writtenAt } from "./managedFields.ts";

/** A Lease of a verifier or of the leading operator, as a command reads it once: with the times of its last renewal. */
export interface LeaseSnapshot extends VerifierLease {
  /** By the holder's clock, epoch milliseconds. */
  readonly renewedAt: number | undefined;
  /** By the API server's clock, epoch milliseconds, cut to seconds. */
  readonly writtenAt: number | undefined;
}

/** Default duration of a Lease without one, long enough that its holder is not considered dead too early. */
export const DEFAULT_LEASE_SECONDS = 3_600;

/** Times of writes are cut to seconds, and a Lease may be renewed while it is read. */
const SLACK_MS = 5_000;

/** Reads a Lease from a response of the API server. Total on any JSON. */
export function readLeaseSnapshot(object: unknown): LeaseSnapshot {
  const spec = field(object, "spec");
  const annotations = entries(field(object, "metadata", "annotations"));
  return {
    ...readProcess(Object.fromEntries(annotations.map(([key, value]) => [key, text(value)]))),
    name: text(field(object, "metadata", "name")),
    holder: text(field(spec, "holderIdentity")),
    applied: text(field(object, "metadata", "annotations", ANNOTATION_APPLIED)),
    leaseDurationSeconds: number(field(spec, "leaseDurationSeconds")) ?? DEFAULT_LEASE_SECONDS,
    renewedAt: parseTime(text(field(spec, "renewTime"))),
    writtenAt: writtenAt(object),
    resourceVersion: text(field(object, "metadata", "resourceVersion")),
  };
}

/** Milliseconds since the last renewal, by the API server's clock if that time is known. `now` is the API server's clock. */
export function leaseAgeMs({ writtenAt, renewedAt }: LeaseSnapshot, now: number): number {
  return now - (writtenAt ?? renewedAt ?? 0);
}

/** Whether the process that holds the Lease may still run: it has a holder and has not expired. */
export function isLeaseInForce(lease: LeaseSnapshot, now: number): boolean {
  return lease.holder !== "" && leaseAgeMs(lease, now) < lease.leaseDurationSeconds * 1_000 + SLACK_MS;
}
