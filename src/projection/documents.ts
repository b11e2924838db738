import type { FromSchema } from "../api/schema/schema.ts";
import type { Secret } from "../api/secret.ts";
import type * as schemas from "./schemas.ts";

/**
 * The documents that the operator writes and the verifier reads: one for each Application, ApiGrant and ApiDomain.
 * They are the only thing that the two share, and the operator's own record of ids and keys. All times are RFC 3339
 * strings in UTC. A selector is carried, never expanded: the verifier joins it with labels. Fields are described in schemas.ts.
 */
export type Projection = ApplicationProjection | ApiGrantProjection | ApiDomainProjection;

/** A document as JSON has it: secrets are still text. */
export type ProjectionJson = FromSchema<typeof schemas.anyDocument>;

export type ApplicationProjection = Replace<
  FromSchema<typeof schemas.application>,
  { readonly keys: readonly KeyRecord[] }
>;
export type KeyRecord = Replace<FromSchema<typeof schemas.keyRecord>, { readonly apiAppSecret: Secret }>;
export type PublicKeyRecord = NonNullable<ApplicationProjection["publicKeys"]>[number];
export type SchemesSettings = ApplicationProjection["schemes"];
export type HmacSettings = FromSchema<typeof schemas.hmacSettings>;

export type ReplayProtection = FromSchema<typeof schemas.replayProtection>;

export type ApiGrantProjection = FromSchema<typeof schemas.apiGrant>;
export type GrantedApi = FromSchema<typeof schemas.grantedApi>;
export type GrantedPath = GrantedApi["paths"][number];
export type GrantedApplication = FromSchema<typeof schemas.grantedApplication>;

export type ApiDomainProjection = FromSchema<typeof schemas.apiDomain>;

export type Labels = ApplicationProjection["labels"];
export type LabelSelector = FromSchema<typeof schemas.labelSelector>;

type Replace<Whole, Fields> = Omit<Whole, keyof Fields> & Fields;
