import type { ProjectionSink } from "../projection/feed.ts";
import type { VerifierProcess, WriteOutcome } from "./store.ts";

/** A verifier's own Lease, as it writes it. */
export interface LeaseContent {
  readonly name: string;
  readonly holder: string;
  /** "" before the first full list. */
  readonly applied: string;
  readonly leaseDurationSeconds: number;
  /** A report of uses; undefined if they are not recorded. */
  readonly use?: string;
  readonly process?: VerifierProcess;
}

/** The Lease of that name as found on the API server. */
export interface LeaseFound {
  readonly holder: string;
  /** The version that its holder reports as applied. */
  readonly applied: string;
  readonly resourceVersion: string;
}

/** The cluster access of a verifier process. All its state arrives through the sink. */
export interface VerifierCluster {
  findLease(name: string): Promise<LeaseFound | undefined>;
  createLease(lease: LeaseContent): Promise<WriteOutcome>;
  updateLease(lease: LeaseContent, resourceVersion: string): Promise<WriteOutcome>;
  deleteLease(name: string, resourceVersion: string): Promise<void>;
  /** Lists the projections consistently into the sink. Returns the version of the list. */
  list(sink: ProjectionSink): Promise<string>;
  /** Watches from that version on. Resolves if the signal aborts, or if the watch cannot continue and a relist is needed. */
  watch(from: string, sink: ProjectionSink, signal: AbortSignal): Promise<void>;
  /** The present version of the projections, by a consistent read. */
  probe(): Promise<string>;
}
