import type { ApiGrant, ApiGrantSpec, ApiGrantStatus } from "../../api/apiGrant.ts";
import type { Validated } from "../../api/validation/validate.ts";
import type { ApiGrantProjection, Labels } from "../../projection/documents.ts";
import type { Seen } from "../lifecycle.ts";

/** All that the plan for one ApiGrant looks at. */
export interface ObservedGrant extends Seen<ApiGrant, ApiGrantProjection> {
  readonly validated: Validated<ApiGrantSpec> | undefined;
  readonly namespaceLabels: Labels;
  /** Hosts of the spec that no ApiDomain gives to the namespace. */
  readonly foreignHosts: readonly string[];
  readonly applications: NonNullable<ApiGrantStatus["applications"]>;
}
