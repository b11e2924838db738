import type { ApiDomain, ApiDomainSpec } from "../../api/apiDomain.ts";
import type { Validated } from "../../api/validation/validate.ts";
import type { ApiDomainProjection } from "../../projection/documents.ts";
import type { PlanInput } from "../plan/planInput.ts";

/** The input of the plan for one ApiDomain. */
export interface ObservedDomain extends PlanInput<ApiDomain, ApiDomainProjection> {
  readonly validated: Validated<ApiDomainSpec> | undefined;
  /** Hosts of its projection that an older ApiDomain has. */
  readonly lostHosts: readonly string[];
}
