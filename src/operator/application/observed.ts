import type { Application, ApplicationSpec, ApplicationStatus } from "../../api/application.ts";
import type { Validated } from "../../api/validation/validate.ts";
import type { ApplicationProjection } from "../../projection/documents.ts";
import type { SecretObject } from "../../store/store.ts";
import type { UsePart } from "../lastUse/usePart.ts";
import type { PlanInput } from "../plan/planInput.ts";
import type { Fresh } from "./freshPair.ts";

/** The input of the plan for one Application. */
export interface ObservedApplication extends PlanInput<Application, ApplicationProjection> {
  readonly validated: Validated<ApplicationSpec> | undefined;
  readonly fresh: Fresh;
  /** The Secret that has the name of the credentials Secret, regardless of its owner. */
  readonly credentials: SecretObject | undefined;
  /** A creation failed although the cache has no Secret of that name: one without the label exists. */
  readonly credentialsTaken: boolean;
  /** Credentials Secrets of this Application under other names. */
  readonly formerCredentials: readonly SecretObject[];
  /** The last document of a projection that was deleted by hand. */
  readonly lost: ApplicationProjection | undefined;
  readonly importFrom: SecretObject | undefined;
  /** Whether another Application has this ApiAppKey. */
  readonly isForeignKey: (apiAppKey: string) => boolean;
  /** The grants that are in force for it now. */
  readonly grants: GrantsNow;
  /** Its last use. */
  readonly use: UsePart;
}

export interface GrantsNow {
  readonly status: NonNullable<ApplicationStatus["grants"]>;
  /** When time alone will change the result (epoch milliseconds). */
  readonly until: number;
}

/** An Application that is not being deleted, with its valid spec. */
export interface Living {
  readonly seen: ObservedApplication;
  readonly object: Application;
  readonly spec: ApplicationSpec;
}
