/**
 * The closed sets of words that schemas, projections, decisions and metric labels share. Each set is written here once: CRD
 * enums, types, checks of stored documents and pre-registered series are derived from it, so that a word that is missing
 * here does not compile anywhere else. The order of a set is the order of the CRD's enum and of the metric's series.
 */

/** The three kinds of the API group. */
export const KINDS = ["Application", "ApiGrant", "ApiDomain"] as const;
export type Kind = (typeof KINDS)[number];

/** The ways in which callers may sign. */
export const SCHEME_NAMES = ["Tencent", "AlibabaCA", "HTTPMessageSignatures", "TencentKeyPair"] as const;
export type SchemeName = (typeof SCHEME_NAMES)[number];

/** Algorithms that sign with the secret of a key pair. For `Tencent` and `TencentKeyPair` these are the names in the Authorization header, in lower case. */
export const HMAC_ALGORITHMS = [
  "hmac-sha1",
  "hmac-sha256",
  "hmac-sha384",
  "hmac-sha512",
  "hmac-sm3",
] as const;
export type HmacAlgorithm = (typeof HMAC_ALGORITHMS)[number];

/** The algorithms of HTTP message signatures that need a public key, by their names in RFC 9421. */
export const PUBLIC_KEY_ALGORITHMS = ["ed25519", "ecdsa-p256-sha256"] as const;
export type PublicKeyAlgorithm = (typeof PUBLIC_KEY_ALGORITHMS)[number];

/** All algorithms. */
export const ALGORITHMS = [...HMAC_ALGORITHMS, ...PUBLIC_KEY_ALGORITHMS] as const;
export type Algorithm = (typeof ALGORITHMS)[number];

/** The algorithms of each scheme. An Application accepts those of them that it lists. */
export const SCHEME_ALGORITHMS = {
  Tencent: HMAC_ALGORITHMS,
  AlibabaCA: ["hmac-sha1", "hmac-sha256"],
  HTTPMessageSignatures: ["hmac-sha256", ...PUBLIC_KEY_ALGORITHMS],
  TencentKeyPair: HMAC_ALGORITHMS,
} as const satisfies Readonly<Record<SchemeName, readonly Algorithm[]>>;

/**
 * How an Application's callers put parameter values into the string to sign: decoded or as sent alone; either one where no
 * other request could share the string (Auto); either one without that guard.
 */
export const PARAMETER_SETTINGS = ["Auto", "Decoded", "AsSent", "Either"] as const;
export type ParameterSetting = (typeof PARAMETER_SETTINGS)[number];

/** Variants that leave part of the request unsigned. A verifier accepts one only for an Application that lists it. */
export const OPEN_VARIANTS = [
  "RepeatedNames",
  "JoinedValues",
  "ZeroIsEmpty",
  "FormNotSigned",
  "BodyNotSigned",
] as const;
export type OpenVariant = (typeof OPEN_VARIANTS)[number];

/** Where a key pair comes from: the operator made it, or read it from a Secret. */
export const KEY_SOURCES = ["Generated", "Imported"] as const;

/** The life of a key pair. Verifiers accept all three states; Active is the pair in the credentials Secret. */
export const KEY_STATES = ["Active", "Pending", "Retiring"] as const;
export type KeyState = (typeof KEY_STATES)[number];

/** How a grant's path matches; PathPrefix is the default. TencentPath is in the notation of the vendor's gateway. */
export const PATH_TYPES = ["PathPrefix", "Exact", "Template", "TencentPath"] as const;

/**
 * What a verifier does with its decision on a request for a grant's APIs: Enforce denies what the decision denies; Shadow
 * reports the decision and allows the request.
 */
export const ENFORCEMENTS = ["Enforce", "Shadow"] as const;
export type Enforcement = (typeof ENFORCEMENTS)[number];

/**
 * Whether a nonce admits one request only: Off never, WhenSent for requests that sign a nonce, Required also denies requests that
 * sign none. From the least strict to the strictest.
 */
export const REPLAY_PROTECTION_MODES = ["Off", "WhenSent", "Required"] as const;
export type ReplayProtectionMode = (typeof REPLAY_PROTECTION_MODES)[number];

/**
 * What a nonce store returns. first: no other request has used the nonce, and it is remembered from now on. repeated: another
 * request has. full, unavailable: it is not known.
 */
export const NONCE_RESULTS = ["first", "repeated", "full", "unavailable"] as const;
export type NonceResult = (typeof NONCE_RESULTS)[number];

/** Where a verifier remembers nonces: in its memory, or in a Valkey or Redis server that several share. */
export const NONCE_STORE_KINDS = ["memory", "redis"] as const;
export type NonceStoreKind = (typeof NONCE_STORE_KINDS)[number];

/** Operators of metav1.LabelSelectorRequirement. */
export const SELECTOR_OPERATORS = ["In", "NotIn", "Exists", "DoesNotExist"] as const;

/** Codes of denials, roughly in the order of the checks; README.md has the exact order. They are part of the interface: clients and alerts match them, so a code never changes. */
export const DENIAL_CODES = [
  "AuthorizationMissing",
  "AuthorizationMalformed",
  "AuthorizationIncomplete",
  "KeyOrSignatureMissing",
  "AlgorithmUnsupported",
  "SignedHeaderMissing",
  "SignedHeaderRepeated",
  "DateInvalid",
  "DateOutOfWindow",
  "SignatureExpired",
  "ComponentNotCovered",
  "ComponentUnsupported",
  "KeyUnknown",
  "SignatureMismatch",
  "ContentDigestMismatch",
  "RequestUnverifiable",
  "BodyUnverifiable",
  "TooManyParameters",
  "UnsafePath",
  "ApiNotGranted",
  "NoApiMatch",
  "NoApplicationBound",
  "ApplicationSuspended",
  "ApplicationExpired",
  "ContextMismatch",
  "StageMismatch",
  "NonceMissing",
  "NonceRepeated",
  "NonceStoreFull",
  "NonceStoreUnavailable",
  "NotReady",
  "InternalError",
] as const;
export type DenialCode = (typeof DENIAL_CODES)[number];

/** Codes of decisions. Since the set is fixed they may be metric labels; ids and hosts, which callers choose, may not. */
export const DECISION_CODES = ["Allowed", ...DENIAL_CODES] as const;
export type DecisionCode = (typeof DECISION_CODES)[number];
