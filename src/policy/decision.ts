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
}

export interface Deny {
  readonly kind: "deny";
  /** The HTTP status for the caller: 400, 401, 403 or 503; never below 400. */
  readonly status: number;
  /** A stable constant, for callers' code, metrics and logs. */
  readonly code: string;
  /** The vendor's words; a byte string (it may quote what the caller sent). */
  readonly message: string;
  /** Set once the signature has verified: who was refused. Never set for an unsigned caller. */
  readonly caller?: Pick<Allow, "applicationId" | "application" | "keyId"> & { readonly form: string };
}
