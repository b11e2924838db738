import type { ObjectMeta } from "./meta.ts";
import { applicationSpec } from "./schema/applicationSpec.ts";
import type { FromSchema, Schema } from "./schema/schema.ts";
import {
  AGE_COLUMN,
  CLASS_COLUMN,
  conditions,
  MESSAGE_COLUMN,
  observedGeneration,
  READY_COLUMNS,
} from "./schema/status.ts";
import { KEY_STATES } from "./vocabulary.ts";

const status = {
  type: "object",
  description: "What the operator made of the Application.",
  default: {},
  properties: {
    observedGeneration,
    applicationId: {
      type: "string",
      description:
        "The id to give to a partner who grants to this Application. Generated, unique in the cluster, kept for life.",
    },
    secretName: {
      type: "string",
      description: "The credentials Secret in this namespace: ApiAppId, ApiAppKey, ApiAppSecret.",
    },
    keys: {
      type: "array",
      description: "The newest 16 keys; keysCount has their number.",
      maxItems: 16,
      "x-kubernetes-list-type": "map",
      "x-kubernetes-list-map-keys": ["apiAppKey"],
      items: {
        type: "object",
        required: ["apiAppKey", "state"],
        properties: {
          apiAppKey: {
            type: "string",
            description: "The ApiAppKey; its secret stands in the credentials Secret alone.",
          },
          state: {
            type: "string",
            enum: KEY_STATES,
            description:
              "Active: the pair in the credentials Secret. Pending: valid, and published once every verifier has it. Retiring: valid until retiresAt.",
          },
          createdAt: {
            type: "string",
            format: "date-time",
            description: "When the key was generated or imported.",
          },
          retiresAt: {
            type: "string",
            format: "date-time",
            description: "From this time on verifiers refuse the key.",
          },
        },
      },
    },
    keysCount: { type: "integer", format: "int32", description: "How many keys are valid or about to be." },
    grants: {
      type: "object",
      description: "Which APIs this Application may call.",
      required: ["count"],
      properties: {
        count: {
          type: "integer",
          format: "int32",
          description: "How many ApiGrants admit this Application; items shows at most 50.",
        },
        items: {
          type: "array",
          description: "The first 50 grants by namespace and name.",
          maxItems: 50,
          "x-kubernetes-list-type": "atomic",
          items: {
            type: "object",
            required: ["grant", "environment", "apis"],
            properties: {
              grant: { type: "string", description: "The ApiGrant as namespace/name." },
              environment: { type: "string", description: "The environment that it opens." },
              apis: {
                type: "array",
                description: "The names of its apis.",
                "x-kubernetes-list-type": "atomic",
                items: { type: "string" },
              },
            },
          },
        },
      },
    },
    conditions,
  },
} as const satisfies Schema;

/** The source of the Application kind: its schema, the CRD and the types are all made from this constant. */
export const APPLICATION = {
  kind: "Application",
  plural: "applications",
  singular: "application",
  shortName: "csapp",
  scope: "Namespaced",
  description: "An identity that calls APIs with a key pair (ApiAppKey and ApiAppSecret).",
  nameRule: {
    rule: "size(self.metadata.name) <= 63",
    message:
      "metadata.name must have at most 63 characters, because names of Secrets and labels are made from it",
  },
  specRequired: false,
  spec: applicationSpec,
  status,
  selectableFields: [".status.applicationId"],
  columns: [
    ...READY_COLUMNS,
    { name: "Application Id", type: "string", jsonPath: ".status.applicationId" },
    {
      name: "Active Key",
      type: "string",
      jsonPath: '.status.keys[?(@.state=="Active")].apiAppKey',
      priority: 1,
    },
    { name: "Secret", type: "string", jsonPath: ".status.secretName", priority: 1 },
    { name: "Grants", type: "integer", jsonPath: ".status.grants.count", priority: 1 },
    { name: "Expires", type: "string", jsonPath: ".spec.expiresAt", priority: 1 },
    CLASS_COLUMN,
    MESSAGE_COLUMN,
    AGE_COLUMN,
  ],
} as const;

export type ApplicationSpec = FromSchema<typeof applicationSpec>;
export type ApplicationStatus = FromSchema<typeof status>;

export interface Application {
  readonly apiVersion: string;
  readonly kind: "Application";
  readonly metadata: ObjectMeta;
  readonly spec: ApplicationSpec;
  readonly status?: ApplicationStatus;
}
