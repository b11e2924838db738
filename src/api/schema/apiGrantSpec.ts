import { GATEWAY_GROUP } from "../httpRoute.ts";
import { ENFORCEMENTS } from "../vocabulary.ts";
import { CLASS_IS_IMMUTABLE, className, DNS_LABEL, host, labelSelector, time } from "./common.ts";
import { grantPath } from "./grantPath.ts";
import { IS_NO_METHOD } from "./patterns.ts";
import type { Schema } from "./schema.ts";

const api = {
  type: "object",
  required: ["name"],
  properties: {
    name: {
      type: "string",
      description: "The name of the API. The proxy's context names the API as namespace/name.",
      minLength: 1,
      maxLength: 63,
      "x-kubernetes-validations": [
        { rule: `self.matches('${DNS_LABEL}')`, message: "name must be a DNS label such as orders" },
      ],
    },
    hosts: {
      type: "array",
      description:
        "Hosts of the API. A wildcard matches one or more labels. A host has effect only if an ApiDomain permits it for this namespace.",
      minItems: 1,
      maxItems: 8,
      "x-kubernetes-list-type": "set",
      items: host,
    },
    paths: {
      type: "array",
      description:
        "Paths of the API. A request has to match one of them. A suspended or expired grant still takes part in path precedence, and admits no caller.",
      minItems: 1,
      maxItems: 16,
      "x-kubernetes-list-type": "atomic",
      items: grantPath,
    },
    methods: {
      type: "array",
      description:
        "Methods of the API. Empty: all methods. They are compared after the most specific path is chosen.",
      maxItems: 16,
      "x-kubernetes-list-type": "set",
      items: {
        type: "string",
        maxLength: 32,
        "x-kubernetes-validations": [
          {
            rule: "self.matches('^[A-Z]([A-Z-]*[A-Z])?$')",
            message: "a method is written in upper case, such as GET or POST",
          },
          IS_NO_METHOD,
        ],
      },
    },
  },
} as const satisfies Schema;

const application = {
  type: "object",
  "x-kubernetes-validations": [
    {
      rule: "(has(self.name) ? 1 : 0) + (has(self.selector) ? 1 : 0) + (has(self.applicationId) ? 1 : 0) == 1",
      message: "each entry of applications has exactly one of name, selector and applicationId",
    },
    {
      rule: "!has(self.namespace) || has(self.applicationId)",
      message: "namespace is allowed only beside applicationId: name and selector mean this namespace",
    },
  ],
  properties: {
    name: {
      type: "string",
      description: "The name of an Application in this namespace.",
      minLength: 1,
      maxLength: 63,
    },
    selector: labelSelector,
    applicationId: {
      type: "string",
      description: "The status.applicationId of an Application in any namespace.",
      maxLength: 12,
      "x-kubernetes-validations": [
        {
          rule: "self.matches('^app-[a-z0-9]{8}$')",
          message:
            "applicationId is app- and eight lower-case letters or digits, as in the partner's status.applicationId",
        },
      ],
    },
    namespace: {
      type: "string",
      description: "The namespace in which the Application of applicationId has to be. Unset: any namespace.",
      minLength: 1,
      maxLength: 63,
    },
  },
} as const satisfies Schema;

/** Spec of an ApiGrant. */
export const apiGrantSpec = {
  type: "object",
  description: "The APIs, and the Applications that may call them.",
  required: ["environment", "apis", "applications"],
  "x-kubernetes-validations": [
    CLASS_IS_IMMUTABLE,
    {
      rule: "!has(self.notBefore) || !has(self.expiresAt) || timestamp(self.notBefore) < timestamp(self.expiresAt)",
      message: "notBefore must be earlier than expiresAt",
      fieldPath: ".notBefore",
    },
    {
      rule: "has(self.targetRefs) || self.apis.all(a, has(a.hosts) && has(a.paths))",
      message:
        "each entry of apis needs hosts and paths, unless targetRefs names the HTTPRoutes that have them",
    },
    {
      rule: "!has(self.targetRefs) || (size(self.apis) == 1 && self.apis.all(a, !has(a.hosts) && !has(a.paths)))",
      message:
        "with targetRefs there is exactly one entry of apis, without hosts and paths: they come from the HTTPRoutes",
    },
  ],
  properties: {
    className,
    environment: {
      type: "string",
      description:
        "The environment of the APIs: a name from the host's ApiDomain, such as release, prepub or test. Immutable.",
      minLength: 1,
      maxLength: 63,
      "x-kubernetes-validations": [
        {
          rule: "self == oldSelf",
          message: "environment is immutable: create another ApiGrant for the other environment",
        },
        {
          rule: `self.matches('${DNS_LABEL}')`,
          message: "environment must be a DNS label such as release, prepub or test",
        },
      ],
    },
    apis: {
      type: "array",
      description: "The APIs that may be called.",
      minItems: 1,
      maxItems: 32,
      "x-kubernetes-list-type": "map",
      "x-kubernetes-list-map-keys": ["name"],
      items: api,
    },
    targetRefs: {
      type: "array",
      description:
        "HTTPRoutes of this namespace that provide the hosts, paths and methods of the API, in place of apis[].hosts and apis[].paths.",
      minItems: 1,
      maxItems: 16,
      "x-kubernetes-list-type": "atomic",
      items: {
        type: "object",
        required: ["group", "kind", "name"],
        properties: {
          group: {
            type: "string",
            enum: [GATEWAY_GROUP],
            description: "The API group of the target.",
          },
          kind: { type: "string", enum: ["HTTPRoute"], description: "The kind of the target." },
          name: { type: "string", minLength: 1, maxLength: 253, description: "The name of the target." },
        },
      },
    },
    applications: {
      type: "array",
      description:
        "The Applications that may call. One matching entry is enough. An entry that matches no Application is Pending until one exists.",
      minItems: 1,
      maxItems: 256,
      "x-kubernetes-list-type": "atomic",
      items: application,
    },
    notBefore: time(
      "notBefore",
      "Before this time the grant admits no caller, by the verifier's clock. RFC 3339.",
    ),
    expiresAt: time(
      "expiresAt",
      "From this time on the grant admits no caller, by the verifier's clock. RFC 3339.",
    ),
    suspended: { type: "boolean", description: "If true, the grant admits no caller.", default: false },
    enforcement: {
      type: "string",
      enum: ENFORCEMENTS,
      description:
        "Enforce: a request that is denied does not reach the upstream. Shadow: the decision is counted, logged and handed to the proxy, and the request is allowed. A path that any Enforce grant names is decided by the Enforce grants alone. A suspended or expired Shadow grant allows no request.",
      default: "Enforce",
    },
    plan: {
      type: "string",
      description:
        "A value for Envoy's rate limiter, in the dynamic metadata. If several grants admit a caller, the oldest one provides the value, then the first by namespace and name.",
      minLength: 1,
      maxLength: 63,
      "x-kubernetes-validations": [
        {
          rule: "self.matches('^[A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?$')",
          message:
            "plan is letters, digits, '-', '_' and '.', beginning and ending with a letter or digit, such as gold",
        },
      ],
    },
  },
} as const satisfies Schema;
