import type { Enforcement, OpenVariant } from "../api/vocabulary.ts";
import type { Denial, SigningScheme } from "../signing/scheme.ts";
import type { Authenticated } from "./authenticate.ts";
import type { Admission } from "./authorize.ts";
import type { Attempt } from "./claim.ts";
import { apiName, type Located } from "./locate.ts";
import type { NonceUse } from "./nonceUse.ts";

/**
 * The decision on one request, with what the stages found out. Names are `namespace/name`; `api` is
 * `<namespace of the grant>/<name of the api>`. All text is safe to hand to the upstream in headers. A decision with
 * `enforcement` Shadow is reported: the request is allowed, also by a Deny.
 */
export type Decision = Allow | Deny;

/** The caller, once its signature has verified. */
export interface Caller {
  readonly applicationId: string;
  readonly application: string;
  readonly keyId: string;
  /** The name of the variant of the string to sign; public names call it form. */
  readonly form: string;
}

export class Allow implements Caller {
  readonly kind = "allow";
  readonly authenticated: Authenticated;
  readonly located: Located;
  readonly admission: Admission;
  readonly enforcement: Enforcement;
  /** The nonce that the request uses up: if it was used before, the request is to be denied. */
  readonly nonceUse: NonceUse | undefined;

  constructor(
    authenticated: Authenticated,
    located: Located,
    admission: Admission,
    enforcement: Enforcement,
    nonceUse?: NonceUse,
  ) {
    this.authenticated = authenticated;
    this.located = located;
    this.admission = admission;
    this.enforcement = enforcement;
    this.nonceUse = nonceUse;
  }

  get code(): "Allowed" {
    return "Allowed";
  }

  get applicationId(): string {
    return this.authenticated.key.application.applicationId;
  }

  get application(): string {
    return applicationName(this.authenticated);
  }

  get keyId(): string {
    return this.authenticated.key.apiAppKey;
  }

  get form(): string {
    return this.authenticated.variant.name;
  }

  /** The open variants that the signature needed. */
  get openVariants(): readonly OpenVariant[] {
    return this.authenticated.variant.openVariants;
  }

  get environment(): string {
    return this.located.place.environment;
  }

  get api(): string {
    return apiName(this.admission.grant, this.admission.api);
  }

  get grant(): string {
    return this.admission.grant.fullName;
  }

  get plan(): string | undefined {
    return this.admission.grant.document.plan;
  }

  /** Everything that was found out. */
  get reached(): Reached {
    const { authenticated, located } = this;
    return { scheme: authenticated.scheme, attempt: authenticated, authenticated, located };
  }
}

/** How far a request came. */
export interface Reached {
  /** Its errors are worded as this scheme does; undefined if the request presents none, or two. */
  readonly scheme: SigningScheme | undefined;
  /** Undefined if the request presents no readable credentials. */
  readonly attempt: Attempt | undefined;
  /** Undefined where the signature did not verify. */
  readonly authenticated?: Authenticated;
  readonly located?: Located;
}

export class Deny {
  readonly kind = "deny";
  readonly denial: Denial;
  readonly reached: Reached;
  readonly enforcement: Enforcement;

  constructor(denial: Denial, reached: Reached, enforcement: Enforcement) {
    this.denial = denial;
    this.reached = reached;
    this.enforcement = enforcement;
  }

  get status(): Denial["status"] {
    return this.denial.status;
  }

  get code(): Denial["code"] {
    return this.denial.code;
  }

  get message(): string {
    return this.denial.message;
  }

  /** Set once the signature has verified. Never set for an unauthenticated caller. */
  get caller(): Caller | undefined {
    const { authenticated } = this.reached;
    return authenticated && callerOf(authenticated);
  }
}

function callerOf(authenticated: Authenticated): Caller {
  const { key, variant } = authenticated;
  return {
    applicationId: key.application.applicationId,
    application: applicationName(authenticated),
    keyId: key.apiAppKey,
    form: variant.name,
  };
}

function applicationName({ key: { application } }: Authenticated): string {
  return `${application.namespace}/${application.name}`;
}
