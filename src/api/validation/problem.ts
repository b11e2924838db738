import { RATCHETING_RULES } from "../schema/patterns.ts";
import type { Rule } from "../schema/schema.ts";

/** One thing that is wrong with an object: where, and what to write instead. */
export interface Problem {
  /** Such as `spec.apis[0].hosts[1]`; "" for the object as a whole. */
  readonly field: string;
  readonly message: string;
  /** The CEL rule that is broken; undefined for types, bounds, and unknown or missing fields. */
  readonly rule?: Rule;
}

/** Whether a stored object keeps its effect in spite of it. */
export function isRatcheted({ rule }: Problem): boolean {
  return rule !== undefined && RATCHETING_RULES.has(rule);
}

/** A path of names and indexes as Kubernetes writes it. */
export function fieldOf(path: readonly (string | number)[]): string {
  return path
    .map((part) => (typeof part === "number" || /^[0-9]+$/.test(part) ? `[${part}]` : `.${part}`))
    .join("")
    .replace(/^\./, "");
}
