import type { ApiGrant, ApiGrantSpec, ApiGrantStatus } from "../../api/apiGrant.ts";
import type { Validated } from "../../api/validation/validate.ts";
import type { ApiGrantProjection, Labels } from "../../projection/documents.ts";
import type { HostWithoutEnvironment } from "../hosts.ts";
import type { PlanInput } from "../planInput.ts";
import type { Targets } from "./targets.ts";

/** All that the plan for one ApiGrant looks at. */
export interface ObservedGrant extends PlanInput<ApiGrant, ApiGrantProjection> {
  readonly validated: Validated<ApiGrantSpec> | undefined;
  readonly namespaceLabels: Labels;
  /** What targetRefs come to; nothing where there are none. */
  readonly targets: Targets;
  /** Hosts of the spec or of the targets that no ApiDomain gives to the namespace. */
  readonly foreignHosts: readonly string[];
  /** Of the other hosts those whose ApiDomain has no environment of the grant's name. */
  readonly hostsWithoutEnvironment: readonly HostWithoutEnvironment[];
  readonly applications: NonNullable<ApiGrantStatus["applications"]>;
}
