import type { LeaseSnapshot } from "../../store/kube/leaseSnapshot.ts";

/** What doctor saw of a cluster: null is what is not there, undefined what it may not see. */
export interface ClusterSeen {
  /** The API server, for people. */
  readonly where: string;
  /** The API server's clock, epoch milliseconds. */
  readonly now: number;
  /** CustomResourceDefinitions by name. */
  readonly crds: ReadonlyMap<string, unknown>;
  readonly leases: readonly LeaseSnapshot[] | undefined;
  readonly leader: LeaseSnapshot | null | undefined;
  readonly accounts: readonly AccountSeen[];
  readonly policies: readonly unknown[] | undefined;
  readonly bindings: readonly unknown[] | undefined;
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
