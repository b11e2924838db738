import {
  ALGORITHMS,
  KEY_SOURCES,
  KEY_STATES,
  OPEN_VARIANTS,
  PARAMETER_SETTINGS,
  PATH_TYPES,
  PUBLIC_KEY_ALGORITHMS,
  SELECTOR_OPERATORS,
} from "../api/vocabulary.ts";

const TEXT = { type: "string" } as const;
const FLAG = { type: "boolean" } as const;
/** A time in RFC 3339. */
const TIME = { type: "string", format: "date-time" } as const;
const LABELS = { type: "object", additionalProperties: TEXT } as const;
const TEXTS = { type: "array", items: TEXT } as const;

function listOf<const Item>(items: Item) {
  return { type: "array", items } as const;
}

function wordOf<const Words extends readonly string[]>(words: Words) {
  return { type: "string", enum: words } as const;
}

/** An object with these fields and no other: an unknown field means that another version wrote the document. */
function record<const Required extends object, const Optional extends object = object>(
  required: Required,
  optional?: Optional,
) {
  return {
    type: "object",
    additionalProperties: false,
    required: Object.keys(required) as unknown as readonly (keyof Required & string)[],
    properties: { ...required, ...optional } as Required & Optional,
  } as const;
}

/** One of several objects, which differ in `kind`. */
function byKind<const Records extends readonly object[]>(...oneOf: Records) {
  return { type: "object", discriminator: { propertyName: "kind" }, oneOf } as const;
}

function common<const Kind extends string>(kind: Kind) {
  return {
    kind: { const: kind },
    /** The object's UID: an object of the same name with another UID is another object. */
    uid: TEXT,
    name: TEXT,
    /** metadata.creationTimestamp of the object; the oldest, then the name, decides ties. */
    createdAt: TIME,
    /** The object is being deleted: verifiers treat it as absent, and acknowledge that. */
    tombstone: FLAG,
  } as const;
}

/** A key pair of an Application. All states verify. A `Pending` one has a predecessor, which stays the published one until every live verifier has both. */
export const keyRecord = record(
  {
    apiAppKey: TEXT,
    apiAppSecret: TEXT,
    source: wordOf(KEY_SOURCES),
    state: wordOf(KEY_STATES),
    createdAt: TIME,
  },
  {
    /** When callers could first read the successor; the overlap begins here. */
    replacedAt: TIME,
    /** From this instant on the verifiers refuse the key, by their own clocks. */
    retiresAt: TIME,
  },
);

/** An Application's settings for a scheme; `HTTPMessageSignatures` and `TencentKeyPair` use the first two alone. */
export const hmacSettings = record({
  algorithms: listOf(wordOf(ALGORITHMS)),
  /** Largest distance of the signed date from the verifier's clock, in seconds, either way. */
  clockSkewSeconds: { type: "integer", minimum: 1, maximum: 900 },
  parameters: wordOf(PARAMETER_SETTINGS),
  openVariants: listOf(wordOf(OPEN_VARIANTS)),
});

/** A public key of callers that have the private one. */
const publicKeyRecord = record(
  {
    keyId: TEXT,
    algorithm: wordOf(PUBLIC_KEY_ALGORITHMS),
    /** In PEM. */
    publicKey: TEXT,
  },
  {
    /** From this instant on the verifiers deny the key, by their own clocks. */
    expiresAt: TIME,
  },
);

/** Replay protection; a missing record is mode Off. A mode that an older release does not know must not be taken for Off. */
export const replayProtection = record(
  { mode: wordOf(["WhenSent", "Required"]) },
  {
    /** How long a nonce is remembered at least, in seconds. Missing: twice the clock skew. */
    windowSeconds: { type: "integer", minimum: 1, maximum: 86_400 },
  },
);

export const application = record(
  {
    ...common("Application"),
    namespace: TEXT,
    applicationId: TEXT,
    labels: LABELS,
    suspended: FLAG,
    /** The signature schemes that callers may use, each with its settings. */
    schemes: record(
      {},
      {
        Tencent: hmacSettings,
        AlibabaCA: hmacSettings,
        HTTPMessageSignatures: hmacSettings,
        TencentKeyPair: hmacSettings,
      },
    ),
    keys: listOf(keyRecord),
    /** Keys that were revoked and must never be valid again, also when the spec no longer lists them. */
    revokedKeys: TEXTS,
  },
  {
    expiresAt: TIME,
    publicKeys: listOf(publicKeyRecord),
    /** The latest spec.credentials.rotation.requestedAt that a new key has met. */
    rotatedFor: TIME,
    replayProtection,
  },
);

/** metav1.LabelSelector; an empty one never occurs, since the CRD's schema refuses it. */
export const labelSelector = record(
  {},
  {
    matchLabels: LABELS,
    matchExpressions: listOf(record({ key: TEXT, operator: wordOf(SELECTOR_OPERATORS) }, { values: TEXTS })),
  },
);

export const grantedApi = record({
  name: TEXT,
  hosts: TEXTS,
  paths: listOf(record({ type: wordOf(PATH_TYPES), value: TEXT })),
  /** Upper-case methods; empty means all. */
  methods: TEXTS,
});

/** An Application of the grant's namespace by its name, all that a selector matches there, or any Application by its id. */
export const grantedApplication = byKind(
  record({ kind: { const: "name" }, name: TEXT }),
  record({ kind: { const: "selector" }, selector: labelSelector }),
  record({ kind: { const: "id" }, applicationId: TEXT }, { namespace: TEXT }),
);

export const apiGrant = record(
  {
    ...common("ApiGrant"),
    namespace: TEXT,
    /** Labels of the grant's namespace, for an ApiDomain that gives its hosts to namespaces by selector. */
    namespaceLabels: LABELS,
    environment: TEXT,
    apis: listOf(grantedApi),
    applications: listOf(grantedApplication),
    suspended: FLAG,
  },
  {
    notBefore: TIME,
    expiresAt: TIME,
    plan: TEXT,
    /** Decisions on requests for these APIs are reported, not enforced. Missing: they are enforced. */
    enforcement: wordOf(["Shadow"]),
  },
);

const environment = record({
  name: TEXT,
  /** `/` or segments without a slash at the end. */
  pathPrefix: TEXT,
});

export const apiDomain = record(
  {
    ...common("ApiDomain"),
    hosts: TEXTS,
    namespaces: byKind(
      record({ kind: { const: "names" }, names: TEXTS }),
      record({ kind: { const: "selector" }, selector: labelSelector }),
    ),
    environments: listOf(environment),
  },
  { replayProtection },
);

/** Any document in its JSON form: secrets are text. The version is a separate field, see format.ts. */
export const anyDocument = byKind(application, apiGrant, apiDomain);
