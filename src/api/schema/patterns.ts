import { TENCENT_VARIABLES } from "../tencentPath.ts";
import type { Rule } from "./schema.ts";

/** Modifiers of nginx and of the vendor's gateway precede the path; the path type has the same meaning. */
export const BEGINS_WITH_SLASH = {
  rule: "self.type == 'TencentPath' || self.value.startsWith('/')",
  messageExpression:
    "self.value.startsWith('=') ? 'a path begins with /: instead of = write type Exact, and the path without it; type TencentPath takes it as it is' : self.value.startsWith('^~') ? 'a path begins with /: instead of ^~ write type PathPrefix, and the path without it; type TencentPath takes it as it is' : self.value.startsWith('^') || self.value.startsWith('~') ? 'a path begins with / and is no regular expression: write each path that it stands for' : 'a path begins with /'",
  fieldPath: ".value",
} as const satisfies Rule;

/** Patterns of other products, which would match nothing but these very characters. TencentPath has rules of its own. */
export const PATTERNS = [
  {
    rule: "self.type == 'TencentPath' || !self.value.contains('*')",
    message:
      "a path has no wildcards: type PathPrefix with /orders covers /orders and everything below it, type Template with /orders/{id} one segment",
    fieldPath: ".value",
  },
  {
    rule: "!self.value.matches('/:[A-Za-z_]|[<>]')",
    message: "a variable is written {id} and needs type Template, such as /users/{id}: not :id or <id>",
    fieldPath: ".value",
  },
  {
    rule: "self.type == 'TencentPath' || (!self.value.contains('[') && !self.value.contains(']') && !self.value.matches('[|^]|[.)][+]|[$]$'))",
    message:
      "a path is no regular expression: type Template with {id} stands for one segment, type PathPrefix for everything below; else write each path that it stands for. Characters of a path itself are escaped: %5B %5D %5E %7C for [ ] ^ |",
    fieldPath: ".value",
  },
] as const satisfies readonly Rule[];

/** What a path of type TencentPath may be: the vendor's notation without regular expressions. */
export const TENCENT_RULES = [
  {
    rule: "self.type != 'TencentPath' || self.value.startsWith('/') || self.value.startsWith('=/') || self.value.startsWith('^~/')",
    message:
      "a TencentPath begins with /, =/ or ^~/; regular expressions are not accepted: write each path that it stands for",
    fieldPath: ".value",
  },
  {
    rule: "self.type != 'TencentPath' || (!self.value.matches('[*+()$]|.[|^]') && !self.value.contains('[') && !self.value.contains(']'))",
    message:
      "a TencentPath is no regular expression, so it must not hold * + ( ) [ ] | ^ $ behind its mark: write each path that it stands for, with type Exact or PathPrefix where such a character is part of the path itself",
    fieldPath: ".value",
  },
  {
    rule: `self.type != 'TencentPath' || self.value.matches('${TENCENT_VARIABLES}')`,
    message:
      "in a TencentPath a variable is a name in braces such as {id} or {user-id}, with at least one character between two variables",
    fieldPath: ".value",
  },
  {
    rule: "self.type != 'TencentPath' || self.value.startsWith('/') || !self.value.contains('{')",
    message: "a TencentPath has no variables behind = and ^~: remove the mark, or the variables",
    fieldPath: ".value",
  },
] as const satisfies readonly Rule[];

/** The vendor's word for all methods. */
export const IS_NO_METHOD = {
  rule: "self != 'ANY' && self != 'ALL'",
  message: "ANY and ALL are no methods: leave methods out, which means all of them",
} as const satisfies Rule;

/**
 * Rules that were added to a schema that had let such values in. A stored object that breaks only these keeps its effect,
 * and reports so in its conditions: an upgrade changes nothing of what is granted.
 */
export const RATCHETING_RULES: ReadonlySet<Rule> = new Set<Rule>([...PATTERNS, IS_NO_METHOD]);
