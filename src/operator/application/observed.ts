import type { Application, ApplicationSpec, ApplicationStatus } from "../../api/application.ts";
import type { Validated } from "../../api/validation/validate.ts";
import type { ApplicationProjection } from "../../projection/documents.ts";
import type { SecretObject } from "../../store/store.ts";
import type { PlanInput } from "../planInput.ts";
import type { Fresh } from "./freshPair.ts";

/** All that the plan for one Application looks at. */
export interface ObservedApplication extends PlanInput<Application, ApplicationProjection> {
  readonly validated: Validated<ApplicationSpec> | undefined;
  readonly fresh: Fresh;
  /** The Secret of the name that the credentials Secret has to have, whoever owns it. */
  readonly credentials: SecretObject | undefined;
  /** A creation failed though no Secret of that name is seen: one without our label is there. */
  readonly credentialsTaken: boolean;
  /** Credentials Secrets of this Application under other names. */
  readonly formerCredentials: readonly SecretObject[];
  /** The last projection, where somebody deleted it by hand. */
  readonly lost: ApplicationProjection | undefined;
  readonly importFrom: SecretObject | undefined;
  /** Whether another Application has this ApiAppKey. */
  readonly isForeignKey: (apiAppKey: string) => boolean;
  /** Which grants admit it now. */
  readonly grants: GrantsNow;
}

export interface GrantsNow {
  readonly status: NonNullable<ApplicationStatus["grants"]>;
  /** When the clock will change the answer (epoch milliseconds). */
  readonly until: number;
}

/** An Application that lives, with its valid spec. */
export interface Living {
  readonly seen: ObservedApplication;
  readonly object: Application;
  readonly spec: ApplicationSpec;
}
