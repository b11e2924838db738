import type { ObjectMeta } from "./meta.ts";
import { apiGrantSpec } from "./schema/apiGrantSpec.ts";
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

const status = {
  type: "object",
  description: "The observed state of the ApiGrant, written by the operator.",
  default: {},
  properties: {
    observedGeneration,
    applications: {
      type: "object",
      description: "The Applications that the grant admits, and entries that match no Application.",
      required: ["bound", "pending"],
      properties: {
        bound: {
          type: "integer",
          format: "int32",
          description: "The number of Applications that are admitted.",
        },
        pending: {
          type: "integer",
          format: "int32",
          description: "The number of entries of spec.applications that match no Application.",
        },
        items: {
          type: "array",
          description:
            "The first 50 of both. Pending does not reveal whether an id of another namespace exists.",
          maxItems: 50,
          "x-kubernetes-list-type": "atomic",
          items: {
            type: "object",
            required: ["state"],
            properties: {
              applicationId: {
                type: "string",
                description: "The Application's id, if it has one or the entry names it.",
              },
              name: { type: "string", description: "The Application's name, if it is in this namespace." },
              state: {
                type: "string",
                enum: ["Bound", "Pending"],
                description:
                  "Bound: admitted. Pending: the Application does not exist, or the entry's namespace excludes it.",
              },
            },
          },
        },
      },
    },
    lastUsedTime: lastUsedTime("by this grant"),
    useRecordedSince,
    conditions,
  },
} as const satisfies Schema;

/** The source of the ApiGrant kind: its schema, the CRD and the types are all made from this constant. */
export const API_GRANT = {
  kind: "ApiGrant",
  plural: "apigrants",
  singular: "apigrant",
  shortName: "csgrant",
  scope: "Namespaced",
  description: "Permits Applications to call APIs of one environment.",
  nameRule: {
    rule: "size(self.metadata.name) <= 63",
    message: "metadata.name must have at most 63 characters, because the name of a Secret is made from it",
  },
  specRequired: true,
  spec: apiGrantSpec,
  status,
  selectableFields: [],
  columns: [
    ...READY_COLUMNS,
    { name: "Environment", type: "string", jsonPath: ".spec.environment" },
    { name: "Bound", type: "integer", jsonPath: ".status.applications.bound" },
    { name: "Pending", type: "integer", jsonPath: ".status.applications.pending", priority: 1 },
    { name: "Enforcement", type: "string", jsonPath: ".spec.enforcement", priority: 1 },
    { name: "Expires", type: "string", jsonPath: ".spec.expiresAt", priority: 1 },
    CLASS_COLUMN,
    MESSAGE_COLUMN,
    AGE_COLUMN,
  ],
} as const;

export type ApiGrantSpec = FromSchema<typeof apiGrantSpec>;
export type ApiGrantStatus = FromSchema<typeof status>;

export interface ApiGrant {
  readonly apiVersion: string;
  readonly kind: "ApiGrant";
  readonly metadata: ObjectMeta;
  readonly spec: ApiGrantSpec;
  readonly status?: ApiGrantStatus;
}
