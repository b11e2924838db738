/** Something that the viewer cannot see, and the commands by which a cluster admin permits it. */
export interface Gap {
  /** As in RBAC, such as `apigrants.countersign.dev`. */
  readonly resource: string;
  /** forbidden: the viewer's rights do not suffice; notServed: the cluster has no such resource; unavailable: it did not respond. */
  readonly reason: "forbidden" | "notServed" | "unavailable";
  /** The namespace that can be seen nevertheless; undefined if none can. */
  readonly onlyNamespace?: string;
  /** Shell commands, one per line; empty if no right helps. */
  readonly commands: readonly string[];
}
