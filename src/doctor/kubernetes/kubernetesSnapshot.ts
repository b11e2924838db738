import type { LeaseSnapshot } from "../../store/kube/leases/leaseSnapshot.ts";

/** What doctor read from a cluster. null: the object does not exist; undefined: it may not be read. */
export interface KubernetesSnapshot {
  /** The API server, for people. */
  readonly where: string;
  /** The API server's clock, epoch milliseconds. */
  readonly now: number;
  /** CustomResourceDefinitions by name. */
  readonly crds: ReadonlyMap<string, unknown>;
  readonly leases: readonly LeaseSnapshot[] | undefined;
  readonly leader: LeaseSnapshot | null | undefined;
  readonly accounts: readonly AccountRights[];
  readonly policies: readonly unknown[] | undefined;
  readonly bindings: readonly unknown[] | undefined;
}

/** The rights of one ServiceAccount. */
export interface AccountRights {
  /** `system:serviceaccount:<namespace>:<name>`. */
  readonly user: string;
  /** The resource whose writes an admission policy must restrict. */
  readonly bounded: string;
  /** Rights that it needs and does not have, for people. */
  readonly missing: readonly string[];
  /** Rights that it has and must not have. */
  readonly excessive: readonly string[];
}
