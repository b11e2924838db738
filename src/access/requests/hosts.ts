import { patternsOf } from "../../policy/host.ts";

/** A host that stands for all hosts which the same patterns match. */
export interface HostClass {
  /** As written in the objects: `api.example.com`, or `*.example.com` for the hosts that no longer pattern matches. */
  readonly pattern: string;
  readonly host: string;
  /** All patterns that match it, the most specific first; some of them may stand in no object. */
  readonly covering: readonly string[];
}

/** One host for each set of host patterns that some host matches, in the order of the patterns. */
export function hostClassesOf(patterns: Iterable<string>): readonly HostClass[] {
  const all = new Set(patterns);
  return [...all].sort().map((pattern) => {
    const host = pattern.startsWith("*") ? freshHost(pattern.slice(1), all) : pattern;
    return { pattern, host, covering: [...patternsOf(host)] };
  });
}

/** A host below the wildcard that no pattern names and no longer wildcard matches. */
function freshHost(end: string, taken: ReadonlySet<string>): string {
  for (let number = 0; ; number += 1) {
    const label = number === 0 ? "any" : `any${number}`;
    if (!taken.has(`${label}${end}`) && !taken.has(`*.${label}${end}`)) return `${label}${end}`;
  }
}
