import { CANONICAL_ESCAPES, DOT_SEGMENTS, MAX_PATH_LENGTH, NOT_UTF8 } from "../path.ts";
import { PATH_TYPES } from "../vocabulary.ts";
import { BEGINS_WITH_SLASH, PATTERNS, TENCENT_RULES } from "./patterns.ts";
import type { Schema } from "./schema.ts";

/** One path of a grant's API. */
export const grantPath = {
  type: "object",
  required: ["value"],
  "x-kubernetes-validations": [
    BEGINS_WITH_SLASH,
    ...PATTERNS,
    ...TENCENT_RULES,
    {
      rule: "self.type in ['Template', 'TencentPath'] || !self.value.matches('[{}]')",
      message: "value holds { or }: set type to Template, or remove the braces",
    },
    {
      rule: "self.type != 'Template' || self.value.matches('^(/([^{}/]+|[{][A-Za-z_][A-Za-z0-9_]*[}]))+/?$')",
      message:
        "in a Template a variable is a name in braces and one whole segment, such as /users/{id}/orders; type PathPrefix stands for everything below",
    },
  ],
  properties: {
    type: {
      type: "string",
      description:
        "PathPrefix matches by whole segments, Exact the whole path, Template the whole path with one non-empty segment for each {variable}. TencentPath is in the notation of the vendor's gateway: =/user matches the whole path, ^~/user and /user match by characters (/users too), /user/{id} with variables of one or more characters that may span segments; it sets the condition BroadPath, except with =. Among all grants of the host and environment the most specific path wins: Exact and =, then the longest ^~, then Template (the one with a literal segment where the other has a variable, from the left), then TencentPath with variables (the one with more literal characters), then the longest PathPrefix or plain TencentPath.",
      enum: PATH_TYPES,
      default: "PathPrefix",
    },
    value: {
      type: "string",
      description:
        "The path after the environment's prefix was cut, as the proxy sees it after normalisation, with the mark = or ^~ of a TencentPath before it. Characters that a URL path cannot hold are percent-encoded as UTF-8, with upper-case hex digits; requests match with either case.",
      minLength: 1,
      maxLength: MAX_PATH_LENGTH,
      "x-kubernetes-validations": [
        {
          rule: `!self.matches('${DOT_SEGMENTS}')`,
          message:
            "a path must not hold // or the segments . and ..: write it as the proxy sees it after normalisation",
        },
        {
          rule: "!self.matches('[?#;]') && !self.contains('\\\\')",
          message:
            "a path holds none of ? # ; \\: write it without query and fragment; requests with ; or \\ in the path are always denied",
        },
        {
          rule: "self.matches('^[!-~]*$')",
          message:
            "a path holds printable ASCII only: write blanks and other characters percent-encoded as UTF-8 with upper-case hex digits, as encodeURI of JavaScript does, such as /caf%C3%A9",
        },
        {
          rule: `self.matches('${CANONICAL_ESCAPES}') && !self.matches('${NOT_UTF8}')`,
          message:
            'an escape in a path is a blank, a character beyond ASCII as UTF-8, or one of " < > [ ] ^ ` { | }, with upper-case hex digits such as /caf%C3%A9: write other characters as they are; requests with an escaped / \\ or . are always denied',
        },
      ],
    },
  },
} as const satisfies Schema;
