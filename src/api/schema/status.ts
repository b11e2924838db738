import { EPOCH } from "../../base/timestamp.ts";
import type { Schema } from "./schema.ts";

const WAITING = {
  status: "Unknown",
  reason: "Pending",
  message: "Waiting for the operator",
  lastTransitionTime: EPOCH,
} as const;

/** `metav1.Condition`s. They are Unknown from the first second on, so that `kubectl wait` and kstatus never see an object without a word. */
export const conditions = {
  type: "array",
  description: "The conditions of this object. Ready summarizes the others.",
  default: [
    { type: "Accepted", ...WAITING },
    { type: "Ready", ...WAITING },
  ],
  maxItems: 16,
  "x-kubernetes-list-type": "map",
  "x-kubernetes-list-map-keys": ["type"],
  items: {
    type: "object",
    required: ["type", "status", "lastTransitionTime", "reason", "message"],
    properties: {
      type: { type: "string", maxLength: 316, description: "The type of the condition, in CamelCase." },
      status: {
        type: "string",
        enum: ["True", "False", "Unknown"],
        description: "The status of the condition.",
      },
      observedGeneration: {
        type: "integer",
        format: "int64",
        minimum: 0,
        description: "The metadata.generation that the condition was set for.",
      },
      lastTransitionTime: {
        type: "string",
        format: "date-time",
        description: "The last time that status changed.",
      },
      reason: {
        type: "string",
        minLength: 1,
        maxLength: 1024,
        description: "The reason for the status, as a stable word for programs.",
      },
      message: {
        type: "string",
        maxLength: 32768,
        description: "What happened, and what to do, for people.",
      },
    },
  },
} as const satisfies Schema;

export const observedGeneration = {
  type: "integer",
  format: "int64",
  description: "The metadata.generation that the operator has reconciled.",
} as const satisfies Schema;

/** The day of the last allowed request; `how` describes which ones. */
export function lastUsedTime<How extends string>(how: How) {
  return {
    type: "string",
    format: "date-time",
    description: `The day on which a request was last allowed ${how}: the time at which that day began, in UTC. Missing if no request was, or if last use is not recorded.`,
  } as const satisfies Schema;
}

export const useRecordedSince = {
  type: "string",
  format: "date-time",
  description:
    "Since when every verifier records the last use of this object without a gap. Missing if last use is not recorded (lastUse.enabled of the chart, --last-use), or while a verifier does not record it.",
} as const satisfies Schema;

/** Columns that every kind begins and ends with. */
export const READY_COLUMNS = [
  { name: "Ready", type: "string", jsonPath: '.status.conditions[?(@.type=="Ready")].status' },
  { name: "Reason", type: "string", jsonPath: '.status.conditions[?(@.type=="Ready")].reason' },
] as const;
export const MESSAGE_COLUMN = {
  name: "Message",
  type: "string",
  jsonPath: '.status.conditions[?(@.type=="Ready")].message',
  priority: 1,
} as const;
export const CLASS_COLUMN = {
  name: "Class",
  type: "string",
  jsonPath: ".spec.className",
  priority: 1,
} as const;
export const AGE_COLUMN = { name: "Age", type: "date", jsonPath: ".metadata.creationTimestamp" } as const;
