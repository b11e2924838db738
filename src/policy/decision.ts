import type { OpenVariant } from "../api/vocabulary.ts";
import type { Failure } from "../signing/failures.ts";

/**
 * The answer to one request. Names are `namespace/name`; `api` is `<namespace of the grant>/<name of the api>`.
 * All text is safe to hand to the upstream in headers.
 */
export type Decision = Allow | Deny;

export interface Allow {
  readonly kind: "allow";
  readonly applicationId: string;
  readonly application: string;
  readonly keyId: string;
  readonly environment: string;
  readonly api: string;
  readonly grant: string;
  readonly plan?: string;
  /** Which form of the string to sign the caller used. */
  readonly form: string;
  /** The open variants that the form needed. */
  readonly openVariants: readonly OpenVariant[];
}

export interface Deny extends Failure {
  readonly kind: "deny";
  /** Set once the signature has verified: who was refused. Never set for an unsigned caller. */
  readonly caller?: Pick<Allow, "applicationId" | "application" | "keyId"> & { readonly form: string };
}
