import type { ApiGrant, ApiGrantSpec, ApiGrantStatus } from "../../api/apiGrant.ts";
import type { Validated } from "../../api/validation/validate.ts";
import type { ApiGrantProjection, Labels } from "../../projection/documents.ts";
import type { HostWithoutEnvironment } from "../index/hosts.ts";
import type { UsePart } from "../lastUse/usePart.ts";
import type { PlanInput } from "../plan/planInput.ts";
import type { Targets } from "./targets.ts";

/** The input of the plan for one ApiGrant. */
export interface ObservedGrant extends PlanInput<ApiGrant, ApiGrantProjection> {
  readonly validated: Validated<ApiGrantSpec> | undefined;
  readonly namespaceLabels: Labels;
  /** The resolved targetRefs; empty if the spec has none. */
  readonly targets: Targets;
  /** Hosts of the spec or the targets that no ApiDomain assigns to the namespace. */
  readonly foreignHosts: readonly string[];
  /** The other hosts whose ApiDomain does not have the grant's environment. */
  readonly hostsWithoutEnvironment: readonly HostWithoutEnvironment[];
  readonly applications: NonNullable<ApiGrantStatus["applications"]>;
  /** Its last use. */
  readonly use: UsePart;
}
