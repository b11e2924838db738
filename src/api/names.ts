/** The API group and version of the three kinds. */
export const GROUP = "countersign.dev";
export const VERSION = "v1alpha1";
export const API_VERSION = `${GROUP}/${VERSION}`;

/** Held by an object until every verifier has dropped it. */
export const FINALIZER = "countersign.dev/programmed";

/** On every projection Secret, value "true", so that one watch sees them all. */
export const LABEL_PROJECTION = "countersign.dev/projection";

/** On every Secret with a key pair, ours and those to import from, value "true". The operator sees no Secret without it. */
export const LABEL_CREDENTIALS = "countersign.dev/credentials";

/** On a verifier's Lease: the highest projection version that it has applied. */
export const ANNOTATION_APPLIED = "countersign.dev/applied";

/** On a verifier's Lease: which keys and grants were used, and when; missing if the verifier does not record that. */
export const ANNOTATION_USE = "countersign.dev/use";

/** On a projection Secret: whether its last write only added access; a missing one counts as "Removal". */
export const ANNOTATION_CHANGE = "countersign.dev/change";

/** On a verifier's Lease: the Pod of the process, its node, and the version of Countersign. */
export const VERIFIER_ANNOTATIONS = {
  podNamespace: "countersign.dev/pod-namespace",
  podName: "countersign.dev/pod-name",
  podUid: "countersign.dev/pod-uid",
  node: "countersign.dev/node",
  version: "countersign.dev/version",
} as const;

/**
 * On every credentials Secret, value "true": Stakater's Reloader restarts the workloads that use such a Secret and carry the
 * annotation reloader.stakater.com/search, so that callers take up a new pair by themselves.
 */
export const ANNOTATION_RELOAD = "reloader.stakater.com/match";

/** Types of the Secrets that the operator writes; the admission policies hold it to these. */
export const SECRET_TYPES = {
  Application: "countersign.dev/application",
  ApiGrant: "countersign.dev/grant",
  ApiDomain: "countersign.dev/domain",
  Credentials: "countersign.dev/credentials",
} as const;

/** The Lease in the system namespace whose holder leads. Installations in one cluster have a system namespace each. */
export const LEADER_LEASE = "countersign-operator";

/** The Lease in the system namespace that keeps since when last use is recorded without a gap. It has no holder. */
export const USE_LEASE = "countersign-last-use";

export const DEFAULT_DATA_NAMESPACE = "countersign-data";
export const DEFAULT_SYSTEM_NAMESPACE = "countersign-system";

/** Keys of a credentials Secret, in the vendor's words. */
export const CREDENTIAL_KEYS = { id: "ApiAppId", key: "ApiAppKey", secret: "ApiAppSecret" } as const;

/** The one key of a projection Secret. */
export const PROJECTION_KEY = "projection.json";

/** Headers that the upstream gets; a client's own of this prefix never reach it. */
export const HEADER_PREFIX = "x-countersign-";

/** What the upstream (as headers) and Envoy (as dynamic metadata, with `_` for `-`) learn of an allowed request. */
export const IDENTITY_NAMES = [
  "application-id",
  "application",
  "key-id",
  "environment",
  "api",
  "grant",
  "plan",
  "form",
] as const;

/** Beside the identity, of a request that is allowed in Shadow mode: the code of the decision. In metadata it has the same name. */
export const SHADOW_NAME = "shadow";

/** What the names of projections of each kind begin with. */
export const PROJECTION_PREFIXES = {
  Application: "application",
  ApiGrant: "grant",
  ApiDomain: "domain",
} as const;

/** The name of an object's projection Secret; two objects never share one, since no name of the parts holds a dot but the last. */
export function projectionName(
  kind: keyof typeof PROJECTION_PREFIXES,
  namespace: string,
  name: string,
): string {
  const prefix = PROJECTION_PREFIXES[kind];
  return kind === "ApiDomain" ? `${prefix}.${name}` : `${prefix}.${namespace}.${name}`;
}

/** `namespace/name`, or the name alone where there is no namespace: the key of an object in a collection. */
export function objectKey(namespace: string | undefined, name: string): string {
  return namespace ? `${namespace}/${name}` : name;
}
