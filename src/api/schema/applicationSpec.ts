import { ALGORITHMS, KEY_SOURCES, OPEN_VARIANTS, PARAMETER_SETTINGS, SCHEME_NAMES } from "../vocabulary.ts";
import { CLASS_IS_IMMUTABLE, className, DNS_SUBDOMAIN, DURATION, replayProtection, time } from "./common.ts";
import { PUBLIC_KEYS_NEED_THEIR_SCHEME, publicKeys } from "./publicKeys.ts";
import type { Schema } from "./schema.ts";

const rotation = {
  type: "object",
  description: "When the key pair is rotated, and how long the previous pair stays valid.",
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
      description: "The time between rotations, at least 1h. Unset: no scheduled rotation.",
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
    remindAfter: {
      type: "string",
      description:
        "The age of the active key pair from which on the condition RotationDue reminds to replace it, with an Event. For imported pairs, and for pairs that are rotated on request. Unset: no reminder.",
      maxLength: 18,
      "x-kubernetes-validations": [
        {
          rule: `self.matches('${DURATION}') && duration(self) >= duration('1h')`,
          message: "remindAfter is a duration of at least 1h in h, m and s, for example 2160h for 90 days",
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
  description: "The source of the key pair, and the Secret that it is written to.",
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
      rule: "self.source == 'Imported' || !has(self.allowShortSecret)",
      message:
        "allowShortSecret is allowed only when source is Imported: generated secrets are never short; remove allowShortSecret",
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
        "The name of the Secret that the operator writes the active pair to. Default: <name of the Application>-credentials.",
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
        "Generated: the operator generates the pair. Imported: the operator reads it from the Secret in importFrom.",
      enum: KEY_SOURCES,
      default: "Generated",
    },
    importFrom: {
      type: "object",
      description:
        "The Secret with an existing pair, such as one of the vendor's gateway. A change of the Secret rotates the key pair.",
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
    allowShortSecret: {
      type: "boolean",
      description:
        "If true, an imported ApiAppSecret may have 10 to 15 bytes instead of 16 or more, as custom pairs of the vendor's gateway may. It sets the condition WeakCredentials. Default: false.",
    },
    rotation,
    publicKeys,
    revokedKeys: {
      type: "array",
      description:
        "ApiAppKeys, and keyIds of publicKeys, to revoke. They are denied by all verifiers when Programmed is True, and stay revoked after they are removed from this list. If the active key is listed, it is replaced at once, without overlap.",
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
  "x-kubernetes-validations": [
    {
      rule: "!has(self.algorithms) || !('AlibabaCA' in self.schemes) || self.algorithms.exists(one, one == 'hmac-sha256' || one == 'hmac-sha1')",
      message:
        "no request could be signed: AlibabaCA has the algorithms hmac-sha256 and hmac-sha1, so list one of them",
    },
    {
      rule: "!has(self.algorithms) || !('HTTPMessageSignatures' in self.schemes) || self.algorithms.exists(one, one == 'hmac-sha256' || one == 'ed25519' || one == 'ecdsa-p256-sha256')",
      message:
        "no request could be signed: HTTPMessageSignatures has the algorithms hmac-sha256, ed25519 and ecdsa-p256-sha256, so list one of them",
    },
    {
      rule: "!has(self.algorithms) || !('Tencent' in self.schemes) || self.algorithms.exists(one, one.startsWith('hmac-'))",
      message: "no request could be signed: Tencent has the hmac algorithms alone, so list one of them",
    },
    {
      rule: "!has(self.algorithms) || !('TencentKeyPair' in self.schemes) || self.algorithms.exists(one, one.startsWith('hmac-'))",
      message:
        "no request could be signed: TencentKeyPair has the hmac algorithms alone, so list one of them",
    },
  ],
  properties: {
    schemes: {
      type: "array",
      description:
        "The accepted signature schemes: Tencent (Tencent Cloud API Gateway's application signature), AlibabaCA (Alibaba Cloud API Gateway's, X-Ca-*), HTTPMessageSignatures (RFC 9421), TencentKeyPair (Tencent's key pair authentication, which signs some headers and neither method, path nor body; sets WeakSigning). A request must be signed under exactly one of them.",
      minItems: 1,
      maxItems: 8,
      "x-kubernetes-list-type": "set",
      default: ["Tencent"],
      items: { type: "string", enum: SCHEME_NAMES },
    },
    algorithms: {
      type: "array",
      description:
        "The accepted algorithms; each scheme uses those that it has. AlibabaCA has hmac-sha256 and hmac-sha1; HTTPMessageSignatures has hmac-sha256, ed25519 and ecdsa-p256-sha256; Tencent and TencentKeyPair have those that begin with hmac. Default: all.",
      minItems: 1,
      maxItems: 7,
      "x-kubernetes-list-type": "set",
      items: { type: "string", enum: ALGORITHMS },
    },
    clockSkew: {
      type: "string",
      description:
        "The largest accepted difference between the signed date (X-Date, X-Ca-Timestamp, created, Date) and the verifier's clock, in either direction.",
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
        "How callers write parameter values in the string to sign: Decoded, AsSent (percent-encoded), Auto (both, except for values where two requests would share a signature), Either (always both; sets WeakSigning).",
      enum: PARAMETER_SETTINGS,
      default: "Auto",
    },
    openVariants: {
      type: "array",
      description:
        "Client variants to accept although they leave a part of the request unsigned; each scheme uses those that it has. Any entry sets the condition WeakSigning.",
      maxItems: 8,
      "x-kubernetes-list-type": "set",
      items: { type: "string", enum: OPEN_VARIANTS },
    },
  },
} as const satisfies Schema;

/** Until its date leaves the window, which may lie in the future by the clock skew, a request can be sent again. */
const WINDOW_COVERS_CLOCK_SKEW = {
  rule: `!has(self.replayProtection) || !has(self.replayProtection.window) || !self.replayProtection.window.matches('${DURATION}') || !self.signing.clockSkew.matches('${DURATION}') || duration(self.replayProtection.window) >= duration(self.signing.clockSkew) + duration(self.signing.clockSkew)`,
  message:
    "replayProtection.window must be at least twice signing.clockSkew (default: 900s), since a request can be repeated for that long: raise window, lower clockSkew, or remove window",
  fieldPath: ".replayProtection.window",
} as const;

/** Spec of an Application. */
export const applicationSpec = {
  type: "object",
  description: "The key pair, the signature settings and the validity of the Application.",
  default: {},
  "x-kubernetes-validations": [CLASS_IS_IMMUTABLE, PUBLIC_KEYS_NEED_THEIR_SCHEME, WINDOW_COVERS_CLOCK_SKEW],
  properties: {
    className,
    displayName: { type: "string", maxLength: 63, description: "A display name. It has no effect." },
    description: {
      type: "string",
      maxLength: 1024,
      description: "A description of the caller. It has no effect.",
    },
    suspended: {
      type: "boolean",
      description: "If true, every request of this Application is denied. Its keys are kept.",
      default: false,
    },
    expiresAt: time(
      "expiresAt",
      "From this time on every request is denied, by the verifier's clock. RFC 3339.",
    ),
    credentials,
    signing,
    replayProtection: replayProtection(
      "How long a nonce is remembered: at least twice signing.clockSkew, at most 24h. Without it, and if that is later, until the date of the request is 15m old, since no clockSkew is longer.",
    ),
  },
} as const satisfies Schema;
