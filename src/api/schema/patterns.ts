import type { Rule } from "./schema.ts";

/** Modifiers of nginx and of the vendor's gateway precede the path; the path type has the same meaning. */
export const BEGINS_WITH_SLASH = {
  rule: "self.startsWith('/')",
  messageExpression:
    "self.startsWith('=') ? 'a path begins with /: instead of = write type Exact, and the path without it' : self.startsWith('^~') ? 'a path begins with /: instead of ^~ write type PathPrefix, and the path without it' : self.startsWith('^') || self.startsWith('~') ? 'a path begins with / and is no regular expression: write each path that it stands for' : 'a path begins with /'",
} as const satisfies Rule;

/** Patterns of other products, which would match nothing but these very characters. */
export const PATTERNS = [
  {
    rule: "!self.contains('*')",
    message:
      "a path has no wildcards: type PathPrefix with /orders covers /orders and everything below it, type Template with /orders/{id} one segment",
  },
  {
    rule: "!self.matches('/:[A-Za-z_]|[<>]')",
    message: "a variable is written {id} and needs type Template, such as /users/{id}: not :id or <id>",
  },
  {
    rule: "!self.contains('[') && !self.contains(']') && !self.matches('[|^]|[.)][+]|[$]$')",
    message:
      "a path is no regular expression: type Template with {id} stands for one segment, type PathPrefix for everything below; else write each path that it stands for. Characters of a path itself are escaped: %5B %5D %5E %7C for [ ] ^ |",
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
