import { ALGORITHMS, KEY_SOURCES, OPEN_VARIANTS, PARAMETER_SETTINGS } from "../vocabulary.ts";
import { CLASS_IS_IMMUTABLE, className, DNS_SUBDOMAIN, DURATION, time } from "./common.ts";
import type { Schema } from "./schema.ts";

const rotation = {
  type: "object",
  description: "When the key pair is replaced, and how long the old one stays valid beside the new one.",
  "x-kubernetes-validations": [
    {
      rule: `!has(self.interval) || !has(self.overlap) || !self.interval.matches('${DURATION}') || !self.overlap.matches('${DURATION}') || duration(self.overlap) < duration(self.interval)`,
      message: "overlap must be shorter than interval: lower overlap, or raise interval",
      fieldPath: ".overlap",
    },
  ],
  properties: {
    interval: {
      type: "string",
      description: "Replace the key pair this often, at least every hour. Absent: never by schedule.",
      maxLength: 18,
      "x-kubernetes-validations": [
        {
          rule: `self.matches('${DURATION}') && duration(self) >= duration('1h')`,
          message: "interval is a duration of at least 1h in h, m and s, for example 2160h for 90 days",
        },
      ],
    },
    overlap: {
      type: "string",
      description: "How long a replaced key stays valid. Default: 168h, or half of a shorter interval.",
      maxLength: 18,
      "x-kubernetes-validations": [
        {
          rule: `self.matches('${DURATION}')`,
          message: "overlap is a duration in h, m and s, for example 168h for 7 days",
        },
      ],
    },
    requestedAt: time(
      "requestedAt",
      "Replace the key pair once, now: set it to the current time. The old pair stays valid for overlap.",
    ),
  },
} as const satisfies Schema;

const credentials = {
  type: "object",
  description: "Where the key pair comes from and where it is written.",
  default: { source: "Generated" },
  "x-kubernetes-validations": [
    {
      rule: "self.source == 'Imported' ? has(self.importFrom) : !has(self.importFrom)",
      messageExpression:
        "self.source == 'Imported' ? 'importFrom.name is required when source is Imported: name the Secret that holds ApiAppKey and ApiAppSecret' : 'importFrom is allowed only when source is Imported: set source to Imported or remove importFrom'",
    },
    {
      rule: "self.source == 'Generated' || !has(self.rotation) || (!has(self.rotation.interval) && !has(self.rotation.requestedAt))",
      message:
        "rotation.interval and rotation.requestedAt are allowed only when source is Generated: an imported key pair is rotated by changing the Secret that importFrom names",
    },
    {
      rule: "!has(self.importFrom) || !has(self.secretName) || self.importFrom.name != self.secretName",
      message:
        "importFrom.name and secretName must differ: the operator writes secretName and only reads importFrom",
    },
  ],
  properties: {
    secretName: {
      type: "string",
      description:
        "The Secret that the operator writes the active pair to. Default: the Application's name and -credentials.",
      minLength: 1,
      maxLength: 253,
      "x-kubernetes-validations": [
        {
          rule: `self.matches('${DNS_SUBDOMAIN}')`,
          message:
            "secretName must be a Secret name: lower-case letters, digits, '-' and '.', at most 253 characters",
        },
      ],
    },
    source: {
      type: "string",
      description:
        "Generated: the operator makes the pair. Imported: it is read from the Secret that importFrom names.",
      enum: KEY_SOURCES,
      default: "Generated",
    },
    importFrom: {
      type: "object",
      description:
        "An existing pair, such as one exported from the vendor's gateway. Changing the Secret is a rotation.",
      required: ["name"],
      properties: {
        name: {
          type: "string",
          description:
            'A Secret of this namespace with the label countersign.dev/credentials: "true" and the keys ApiAppKey and ApiAppSecret.',
          minLength: 1,
          maxLength: 253,
          "x-kubernetes-validations": [
            {
              rule: `self.matches('${DNS_SUBDOMAIN}')`,
              message:
                "importFrom.name must be a Secret name: lower-case letters, digits, '-' and '.', at most 253 characters",
            },
          ],
        },
      },
    },
    rotation,
    revokedKeys: {
      type: "array",
      description:
        "ApiAppKeys that are never valid again, from the moment that Programmed is True; also after they are removed from this list. The active one listed here is replaced at once, without overlap.",
      maxItems: 64,
      "x-kubernetes-list-type": "set",
      items: { type: "string", minLength: 1, maxLength: 64 },
    },
  },
} as const satisfies Schema;

const signing = {
  type: "object",
  description: "How callers sign.",
  default: {},
  properties: {
    algorithms: {
      type: "array",
      description: "Algorithms that are accepted. Default: all five.",
      minItems: 1,
      maxItems: 5,
      "x-kubernetes-list-type": "set",
      items: { type: "string", enum: ALGORITHMS },
    },
    clockSkew: {
      type: "string",
      description: "How far X-Date may be from the verifier's clock, either way.",
      maxLength: 18,
      default: "900s",
      "x-kubernetes-validations": [
        {
          rule: `self.matches('${DURATION}') && duration(self) >= duration('1s') && duration(self) <= duration('900s')`,
          message: "clockSkew is a duration between 1s and 900s, for example 300s or 15m",
        },
      ],
    },
    parameters: {
      type: "string",
      description:
        "How callers put parameter values into the signed string: Decoded, AsSent (percent-encoded), Auto (both, unless that would make two requests one), Either (both, always; sets WeakSigning).",
      enum: PARAMETER_SETTINGS,
      default: "Auto",
    },
    openVariants: {
      type: "array",
      description: "Client forms to accept though they leave part of the request unsigned; sets WeakSigning.",
      maxItems: 8,
      "x-kubernetes-list-type": "set",
      items: { type: "string", enum: OPEN_VARIANTS },
    },
  },
} as const satisfies Schema;

/** Spec of an Application. */
export const applicationSpec = {
  type: "object",
  description: "What the Application is, and how it signs.",
  default: {},
  "x-kubernetes-validations": [CLASS_IS_IMMUTABLE],
  properties: {
    className,
    displayName: { type: "string", maxLength: 63, description: "A name for people." },
    description: { type: "string", maxLength: 1024, description: "What it is for, for people." },
    suspended: {
      type: "boolean",
      description: "Deny every request of this Application, and keep its keys.",
      default: false,
    },
    expiresAt: time(
      "expiresAt",
      "From this time on every request is denied, by the verifier's clock. RFC 3339.",
    ),
    credentials,
    signing,
  },
} as const satisfies Schema;
