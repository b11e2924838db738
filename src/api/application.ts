import type { ObjectMeta } from "./meta.ts";
import { applicationSpec } from "./schema/applicationSpec.ts";
import type { FromSchema, Schema } from "./schema/schema.ts";
import {
  AGE_COLUMN,
  CLASS_COLUMN,
  conditions,
  lastUsedTime,
  MESSAGE_COLUMN,
  observedGeneration,
  READY_COLUMNS,
  useRecordedSince,
} from "./schema/status.ts";
import { KEY_STATES } from "./vocabulary.ts";

const status = {
  type: "object",
  description: "The observed state of the Application, written by the operator.",
  default: {},
  properties: {
    observedGeneration,
    applicationId: {
      type: "string",
      description:
        "The id by which ApiGrants of other namespaces name this Application. Generated, unique in the cluster, and never changed.",
    },
    secretName: {
      type: "string",
      description:
        "The name of the credentials Secret in this namespace. It has the keys ApiAppId, ApiAppKey and ApiAppSecret.",
    },
    keys: {
      type: "array",
      description: "The newest 16 keys; keysCount is the number of all.",
      maxItems: 16,
      "x-kubernetes-list-type": "map",
      "x-kubernetes-list-map-keys": ["apiAppKey"],
      items: {
        type: "object",
        required: ["apiAppKey", "state"],
        properties: {
          apiAppKey: {
            type: "string",
            description: "The ApiAppKey. Its ApiAppSecret is only in the credentials Secret.",
          },
          state: {
            type: "string",
            enum: KEY_STATES,
            description:
              "Active: the pair for the credentials Secret, written there once every live verifier has it. Pending: valid, and becomes Active in place of its predecessor when every live verifier has it. Retiring: valid until retiresAt.",
          },
          createdAt: {
            type: "string",
            format: "date-time",
            description: "When the key was generated or imported.",
          },
          retiresAt: {
            type: "string",
            format: "date-time",
            description: "The time from which verifiers deny the key.",
          },
          lastUsedTime: lastUsedTime("with this key"),
        },
      },
    },
    publicKeys: {
      type: "array",
      description: "The public keys of the spec that were used. Only if last use is recorded.",
      maxItems: 16,
      "x-kubernetes-list-type": "map",
      "x-kubernetes-list-map-keys": ["keyId"],
      items: {
        type: "object",
        required: ["keyId"],
        properties: {
          keyId: { type: "string", description: "The keyId in spec.credentials.publicKeys." },
          lastUsedTime: lastUsedTime("with this key"),
        },
      },
    },
    lastUsedTime: lastUsedTime("with any key of this Application, also one that is retired by now"),
    useRecordedSince,
    keysCount: {
      type: "integer",
      format: "int32",
      description: "The number of keys that are valid or Pending.",
    },
    grants: {
      type: "object",
      description: "The grants that admit this Application.",
      required: ["count"],
      properties: {
        count: {
          type: "integer",
          format: "int32",
          description: "The number of ApiGrants that admit this Application; items has at most 50.",
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
              environment: { type: "string", description: "The environment of the grant." },
              apis: {
                type: "array",
                description: "The names of the APIs of the grant.",
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
  description: "A caller of APIs, with a key pair (ApiAppKey and ApiAppSecret).",
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

/** The settings of `spec.signing` that leave a part of a request unsigned or ambiguous, as users write them; empty if none does. */
export function weakSettingsOf({
  schemes,
  openVariants,
  parameters,
}: ApplicationSpec["signing"]): readonly string[] {
  return [
    ...(schemes.includes("TencentKeyPair") ? ["schemes: TencentKeyPair"] : []),
    ...(openVariants ?? []),
    ...(parameters === "Either" ? ["parameters: Either"] : []),
  ];
}
