import type { Secret } from "../api/secret.ts";
import type {
  Algorithm,
  KeySource,
  KeyState,
  OpenVariant,
  ParameterSetting,
  PathType,
  SelectorOperator,
} from "../api/vocabulary.ts";

/**
 * The documents that the operator writes and the verifier reads: one for each Application, ApiGrant and ApiDomain.
 * They are the only thing that the two share, and the operator's own record of ids and keys. All times are RFC 3339
 * strings in UTC. A selector is carried, never expanded: the verifier joins it with labels.
 */
export type Projection = ApplicationProjection | ApiGrantProjection | ApiDomainProjection;

/** The version of the documents' format; a reader refuses any other. */
export const PROJECTION_VERSION = 1;

interface ProjectionOf<Kind extends string> {
  readonly version: typeof PROJECTION_VERSION;
  readonly kind: Kind;
  /** The object's UID: a namesake with another UID is another object. */
  readonly uid: string;
  readonly name: string;
  /** metadata.creationTimestamp of the object; the oldest, then the name, decides ties. */
  readonly createdAt: string;
  /** The object is being deleted: verifiers treat it as absent, and acknowledge that. */
  readonly tombstone: boolean;
}

export interface ApplicationProjection extends ProjectionOf<"Application"> {
  readonly namespace: string;
  readonly applicationId: string;
  readonly labels: Labels;
  readonly suspended: boolean;
  readonly expiresAt?: string;
  readonly signing: SigningPolicy;
  readonly keys: readonly KeyRecord[];
  /** The latest spec.credentials.rotation.requestedAt that a new key has met. */
  readonly rotatedFor?: string;
  /** Keys that were revoked and must never be valid again, also when the spec no longer lists them. */
  readonly revokedKeys: readonly string[];
}

/** A key pair of an Application. `Pending` ones verify already: they are published as soon as every verifier has them. */
export interface KeyRecord {
  readonly apiAppKey: string;
  readonly apiAppSecret: Secret;
  readonly source: KeySource;
  readonly state: KeyState;
  readonly createdAt: string;
  /** When callers could first read the successor; the overlap begins here. */
  readonly replacedAt?: string;
  /** From this instant on the verifiers refuse the key, by their own clocks. */
  readonly retiresAt?: string;
}

export interface SigningPolicy {
  readonly algorithms: readonly Algorithm[];
  /** Largest distance of X-Date from the verifier's clock, in seconds, either way; 1 to 900. */
  readonly clockSkewSeconds: number;
  readonly parameters: ParameterSetting;
  readonly openVariants: readonly OpenVariant[];
}

export interface ApiGrantProjection extends ProjectionOf<"ApiGrant"> {
  readonly namespace: string;
  /** Labels of the grant's namespace, for an ApiDomain that gives its hosts to namespaces by selector. */
  readonly namespaceLabels: Labels;
  readonly environment: string;
  readonly apis: readonly GrantedApi[];
  readonly applications: readonly GrantedApplication[];
  readonly notBefore?: string;
  readonly expiresAt?: string;
  readonly suspended: boolean;
  readonly plan?: string;
}

export interface GrantedApi {
  readonly name: string;
  readonly hosts: readonly string[];
  readonly paths: readonly GrantedPath[];
  /** Upper-case methods; empty means all. */
  readonly methods: readonly string[];
}

export interface GrantedPath {
  readonly type: PathType;
  readonly value: string;
}

/** Exactly one of: an Application of the grant's namespace by name, those of it by selector, any by its id. */
export type GrantedApplication =
  | { readonly kind: "name"; readonly name: string }
  | { readonly kind: "selector"; readonly selector: LabelSelector }
  | { readonly kind: "id"; readonly applicationId: string; readonly namespace?: string };

export interface ApiDomainProjection extends ProjectionOf<"ApiDomain"> {
  readonly hosts: readonly string[];
  readonly namespaces:
    | { readonly kind: "names"; readonly names: readonly string[] }
    | { readonly kind: "selector"; readonly selector: LabelSelector };
  readonly environments: readonly Environment[];
}

export interface Environment {
  readonly name: string;
  /** `/` or segments without a slash at the end. */
  readonly pathPrefix: string;
}

export type Labels = Readonly<Record<string, string>>;

/** metav1.LabelSelector; an empty one never occurs (the schema refuses it). */
export interface LabelSelector {
  readonly matchLabels?: Labels;
  readonly matchExpressions?: readonly {
    readonly key: string;
    readonly operator: SelectorOperator;
    readonly values?: readonly string[];
  }[];
}
