import type { Gateway } from "../gateway/gateway.ts";

/** How a tenant becomes objects. */
export interface PlanOptions {
  /** Where the tenant comes from. */
  readonly gateway: Gateway;
  /** The namespace of Applications, ApiGrants and Secrets. */
  readonly namespace: string;
  readonly className: string | undefined;
  /** New hosts by the hosts that they replace. */
  readonly hosts: ReadonlyMap<string, string>;
  /** Applications of other accounts: by their id at the vendor, what they are here. */
  readonly partners: ReadonlyMap<string, Partner>;
  /** Exact, Template and PathPrefix instead of TencentPath. */
  readonly isNarrow: boolean;
  /** Write Secrets. */
  readonly hasSecrets: boolean;
  /** Take environments that have bindings as released where no file lists the released ones. */
  readonly assumesReleased: boolean;
  /** Paths of captured requests, without their environment's prefix; empty without captured traffic. */
  readonly seenPaths: readonly string[];
}

/** A partner's Application, by the applicationId in its status. */
export interface Partner {
  readonly applicationId: string;
  readonly namespace?: string;
}
