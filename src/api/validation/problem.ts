import { RATCHETING_RULES } from "../schema/patterns.ts";
import type { Rule } from "../schema/schema.ts";

/** Names and indexes from an object's root to a field. */
export type Path = readonly (string | number)[];

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

/** More problems of one object than these are counted, not listed. */
export const MAX_PROBLEMS = 20;

/** A path of names and indexes as Kubernetes writes it; a key of a map that is no plain name stands in brackets. */
export function fieldOf(path: Path): string {
  return path
    .map((part) => (/^[A-Za-z_][\w-]*$/.test(String(part)) ? `.${part}` : `[${part}]`))
    .join("")
    .replace(/^\./, "");
}

/** The first MAX_PROBLEMS problems, and how many others there are; `uncounted` are those without a Problem object. */
export function firstOf(problems: readonly Problem[], uncounted = 0): readonly Problem[] {
  const more = Math.max(0, problems.length - MAX_PROBLEMS) + uncounted;
  const shown = problems.slice(0, MAX_PROBLEMS);
  if (more === 0) return shown;
  const what = more === 1 ? "problem" : "problems";
  return [...shown, { field: "", message: `and ${more} more ${what}: fix these first` }];
}
