import type { Secret } from "../../api/secret.ts";

/** A path of a grant, as it is written. */
export interface WrittenPath {
  readonly type: "TencentPath" | "Exact" | "Template" | "PathPrefix";
  readonly value: string;
}

export interface WrittenApi {
  readonly name: string;
  readonly hosts: readonly string[];
  readonly paths: readonly WrittenPath[];
  readonly methods?: readonly string[];
}

/** An entry of a grant's applications. */
export type Caller =
  | { readonly name: string }
  | { readonly applicationId: string; readonly namespace?: string };

export interface WrittenGrant {
  readonly name: string;
  readonly environment: string;
  readonly apis: readonly WrittenApi[];
  readonly applications: readonly Caller[];
  /** Undefined for a grant without end. */
  readonly expiresAt: string | undefined;
  /** A suspended grant keeps its paths from wider ones, and admits no caller. */
  readonly isSuspended: boolean;
}

export interface WrittenDomain {
  readonly name: string;
  readonly host: string;
  readonly environments: readonly { readonly name: string; readonly pathPrefix: string }[];
}

export interface WrittenApplication {
  readonly name: string;
  /** The id at the vendor. */
  readonly vendorId: string;
  readonly displayName: string;
  readonly description: string;
  readonly secretName: string;
  readonly pair: { readonly apiAppKey: string; readonly apiAppSecret: Secret } | undefined;
  readonly allowsShortSecret: boolean;
}

/** Everything that an import writes, before it is text. */
export interface PlannedObjects {
  readonly applications: readonly WrittenApplication[];
  readonly grants: readonly WrittenGrant[];
  readonly domains: readonly WrittenDomain[];
}
