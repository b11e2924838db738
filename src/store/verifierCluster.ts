import type { ProjectionSink } from "../projection/feed.ts";
import type { VerifierProcess, WriteOutcome } from "./store.ts";

/** A verifier's own Lease, as it writes it. */
export interface LeaseContent {
  readonly name: string;
  readonly holder: string;
  /** "" says: no full list yet. */
  readonly applied: string;
  readonly leaseDurationSeconds: number;
  readonly process?: VerifierProcess;
}

/** What is there under the Lease's name. */
export interface LeaseFound {
  readonly holder: string;
  /** What its holder says to have applied. */
  readonly applied: string;
  readonly resourceVersion: string;
}

/** What a verifier process does with the cluster; everything else that it knows comes through the sink. */
export interface VerifierCluster {
  findLease(name: string): Promise<LeaseFound | undefined>;
  createLease(lease: LeaseContent): Promise<WriteOutcome>;
  updateLease(lease: LeaseContent, resourceVersion: string): Promise<WriteOutcome>;
  deleteLease(name: string, resourceVersion: string): Promise<void>;
  /** A full, consistent list of the projections into the sink; answers its version. */
  list(sink: ProjectionSink): Promise<string>;
  /** Events from that version on, until the signal aborts (resolves) or the watch cannot go on (resolves too: list again). */
  watch(from: string, sink: ProjectionSink, signal: AbortSignal): Promise<void>;
  /** The version that the projections have now, by a consistent read. */
  probe(): Promise<string>;
}
