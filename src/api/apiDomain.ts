import type { ObjectMeta } from "./meta.ts";
import {
  CLASS_IS_IMMUTABLE,
  className,
  DNS_LABEL,
  host,
  labelSelector,
  replayProtection,
} from "./schema/common.ts";
import type { FromSchema, Schema } from "./schema/schema.ts";
import {
  AGE_COLUMN,
  CLASS_COLUMN,
  conditions,
  MESSAGE_COLUMN,
  observedGeneration,
  READY_COLUMNS,
} from "./schema/status.ts";

const spec = {
  type: "object",
  description: "Assigns hosts to namespaces, and path prefixes to environments.",
  required: ["hosts", "namespaces"],
  "x-kubernetes-validations": [CLASS_IS_IMMUTABLE],
  properties: {
    className,
    hosts: {
      type: "array",
      description:
        "Hosts that the namespaces may use in ApiGrants. Precedence: an exact host, then the longest wildcard. If two ApiDomains name the same host, the older one owns it, then the first by name.",
      minItems: 1,
      maxItems: 64,
      "x-kubernetes-list-type": "set",
      items: host,
    },
    namespaces: {
      type: "object",
      description: "The namespaces whose ApiGrants may use the hosts.",
      "x-kubernetes-validations": [
        {
          rule: "has(self.names) != has(self.selector)",
          message: "namespaces has exactly one of names and selector",
        },
      ],
      properties: {
        names: {
          type: "array",
          description: "Names of namespaces.",
          minItems: 1,
          maxItems: 256,
          "x-kubernetes-list-type": "set",
          items: { type: "string", minLength: 1, maxLength: 63 },
        },
        selector: labelSelector,
      },
    },
    environments: {
      type: "array",
      description:
        "Path prefixes and their environments. The longest prefix by whole segments takes precedence. A path without a matching prefix has no environment and matches no API. Default: every path is in release.",
      minItems: 1,
      maxItems: 16,
      default: [{ name: "release", pathPrefix: "/" }],
      "x-kubernetes-list-type": "map",
      "x-kubernetes-list-map-keys": ["pathPrefix"],
      "x-kubernetes-validations": [
        {
          rule: "self.all(a, self.all(b, a.name == b.name || a.pathPrefix == '/' || !(b.pathPrefix + '/').startsWith(a.pathPrefix + '/')))",
          message:
            "no environment's pathPrefix may lie under another one's, except under /: give each its own first segments",
        },
      ],
      items: {
        type: "object",
        required: ["name", "pathPrefix"],
        properties: {
          name: {
            type: "string",
            description: "The name of the environment in ApiGrants. Several prefixes may have the same name.",
            minLength: 1,
            maxLength: 63,
            "x-kubernetes-validations": [
              {
                rule: `self.matches('${DNS_LABEL}')`,
                message: "name must be a DNS label such as release, prepub or test",
              },
            ],
          },
          pathPrefix: {
            type: "string",
            description:
              "The prefix: / or segments without a trailing slash. It is removed before the paths of grants are matched.",
            minLength: 1,
            maxLength: 253,
            "x-kubernetes-validations": [
              {
                rule: "self == '/' || self.matches('^(/[A-Za-z0-9_~.-]+)+$')",
                message: "pathPrefix is / or segments without a slash at the end, such as /test",
              },
              {
                rule: "!self.matches('/[.]{1,2}(/|$)')",
                message: "pathPrefix must not hold the segments . and ..",
              },
            ],
          },
        },
      },
    },
    replayProtection: replayProtection(
      "How long a nonce is remembered, at most 24h. Without it, and if that is later, until the date of the request is 15m old, since no clockSkew of an Application is longer.",
    ),
  },
} as const satisfies Schema;

const status = {
  type: "object",
  description: "The observed state of the ApiDomain, written by the operator.",
  default: {},
  properties: { observedGeneration, conditions },
} as const satisfies Schema;

/** The source of the ApiDomain kind: its schema, the CRD and the types are all made from this constant. */
export const API_DOMAIN = {
  kind: "ApiDomain",
  plural: "apidomains",
  singular: "apidomain",
  shortName: "csdomain",
  scope: "Cluster",
  description: "Assigns hosts to namespaces, and path prefixes to environments.",
  nameRule: {
    rule: "size(self.metadata.name) <= 63",
    message: "metadata.name must have at most 63 characters, because the name of a Secret is made from it",
  },
  specRequired: true,
  spec,
  status,
  selectableFields: [],
  columns: [
    ...READY_COLUMNS,
    { name: "Hosts", type: "string", jsonPath: ".spec.hosts" },
    { name: "Namespaces", type: "string", jsonPath: ".spec.namespaces.names", priority: 1 },
    CLASS_COLUMN,
    MESSAGE_COLUMN,
    AGE_COLUMN,
  ],
} as const;

export type ApiDomainSpec = FromSchema<typeof spec>;
type ApiDomainStatus = FromSchema<typeof status>;

export interface ApiDomain {
  readonly apiVersion: string;
  readonly kind: "ApiDomain";
  readonly metadata: ObjectMeta;
  readonly spec: ApiDomainSpec;
  readonly status?: ApiDomainStatus;
}
