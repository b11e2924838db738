import { REPLAY_PROTECTION_MODES, SELECTOR_OPERATORS } from "../vocabulary.ts";
import type { Schema } from "./schema.ts";

/** Regular expressions shared by the rules: they are written in CEL strings without a backslash, so that both CEL engines read them alike. */
export const DNS_LABEL = "^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$";
export const DNS_SUBDOMAIN = "^[a-z0-9]([-a-z0-9]*[a-z0-9])?([.][a-z0-9]([-a-z0-9]*[a-z0-9])?)*$";
const LABEL_KEY = "^([a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?/)?[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$";
const LABEL_VALUE = "^([A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?)?$";
const HOST = "^([*][.])?([a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?[.])*[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$";

/** Days that exist: months of 31 and 30 days, February, and its 29th in leap years alone. */
const DAY =
  "([0-9]{4}-((0[13578]|1[02])-(0[1-9]|[12][0-9]|3[01])|(0[469]|11)-(0[1-9]|[12][0-9]|30)|02-(0[1-9]|1[0-9]|2[0-8]))|([0-9]{2}(0[48]|[2468][048]|[13579][26])|([02468][048]|[13579][26])00)-02-29)";
const TIME = `^${DAY}T([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]([.][0-9]{1,9})?(Z|[+-]([01][0-9]|2[0-3]):[0-5][0-9])$`;

/** Up to three numbers with h, m or s. */
export const DURATION = "^([0-9]{1,5}[hms]){1,3}$";

/** A point in time as text: a date column or `format: date-time` would hide the rule. */
export function time<const D extends string>(name: string, description: D) {
  return {
    type: "string",
    maxLength: 40,
    description,
    "x-kubernetes-validations": [
      {
        rule: `self.matches('${TIME}') && timestamp(self) > timestamp('1970-01-01T00:00:00Z')`,
        message: `${name} is an RFC 3339 time with its zone, for example 2027-01-01T00:00:00Z`,
      },
    ],
  } as const;
}

/** Which installation an object is for, the same field in all three kinds. */
export const className = {
  type: "string",
  description:
    "The installation that reconciles this object: its operator runs with --class of this name. Unset: the installation without --class. Immutable.",
  minLength: 1,
  maxLength: 63,
  "x-kubernetes-validations": [
    { rule: `self.matches('${DNS_LABEL}')`, message: "className must be a DNS label such as internal" },
  ],
} as const satisfies Schema;

/** A spec's className stays as it was, absent or not: the installation that has it would not know where its keys went. */
export const CLASS_IS_IMMUTABLE = {
  rule: "has(self.className) == has(oldSelf.className) && (!has(self.className) || self.className == oldSelf.className)",
  message: "className is immutable: delete the object, and create it again with the other class",
} as const;

/** A host of an ApiDomain or of a grant. */
export const host = {
  type: "string",
  minLength: 1,
  maxLength: 253,
  "x-kubernetes-validations": [
    {
      rule: `self.matches('${HOST}') && !self.matches('^[0-9.]+$')`,
      message:
        "a host is a lower-case DNS name such as api.example.com, or *.example.com with the one wildcard as its whole first label; no scheme, port or path",
    },
  ],
} as const satisfies Schema;

/** Replay protection, the same field of Application and ApiDomain; `window` describes the window. */
export function replayProtection<const D extends string>(window: D) {
  return {
    type: "object",
    description:
      "Whether a nonce admits one request only. If both the Application and the ApiDomain of the host set it, the stricter mode and the longer window apply.",
    required: ["mode"],
    properties: {
      mode: {
        type: "string",
        description:
          "Off: nonces are not checked. WhenSent: a request that signs a nonce is allowed once, and a request without a nonce is allowed. Required: also denies requests without a signed nonce.",
        enum: REPLAY_PROTECTION_MODES,
      },
      window: {
        type: "string",
        description: window,
        maxLength: 18,
        "x-kubernetes-validations": [
          {
            rule: `self.matches('${DURATION}') && duration(self) >= duration('1s') && duration(self) <= duration('24h')`,
            message: "window is a duration between 1s and 24h, for example 1800s or 30m",
          },
        ],
      },
    },
  } as const satisfies Schema;
}

/** metav1.LabelSelector, never empty: an empty one would select everything. */
export const labelSelector = {
  type: "object",
  description: "A label selector; all of its requirements must hold. It must not be empty.",
  "x-kubernetes-validations": [
    {
      rule: "(has(self.matchLabels) && size(self.matchLabels) > 0) || (has(self.matchExpressions) && size(self.matchExpressions) > 0)",
      message: "selector must not be empty: name at least one label",
    },
  ],
  properties: {
    matchLabels: {
      type: "object",
      description: "Labels that must exist with exactly these values.",
      maxProperties: 16,
      additionalProperties: { type: "string", maxLength: 63 },
      "x-kubernetes-validations": [
        {
          rule: `self.all(k, k.matches('${LABEL_KEY}') && self[k].matches('${LABEL_VALUE}'))`,
          message:
            "matchLabels holds a key or value that is no label: letters, digits, '-', '_' and '.', at most 63 characters",
        },
      ],
    },
    matchExpressions: {
      type: "array",
      description: "Requirements on labels, all of which must hold.",
      maxItems: 16,
      "x-kubernetes-list-type": "atomic",
      items: {
        type: "object",
        required: ["key", "operator"],
        "x-kubernetes-validations": [
          {
            rule: "self.operator in ['In', 'NotIn'] ? has(self.values) && size(self.values) > 0 : !has(self.values) || size(self.values) == 0",
            message: "values are required for In and NotIn, and not allowed for Exists and DoesNotExist",
          },
        ],
        properties: {
          key: { type: "string", maxLength: 317, description: "The label's key." },
          operator: {
            type: "string",
            enum: SELECTOR_OPERATORS,
            description: "How the label's value relates to values.",
          },
          values: {
            type: "array",
            description: "The values, for In and NotIn only.",
            maxItems: 32,
            "x-kubernetes-list-type": "atomic",
            items: { type: "string", maxLength: 63 },
          },
        },
      },
    },
  },
} as const satisfies Schema;
