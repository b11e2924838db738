import type { RouteMatch, RouteRule } from "../../api/httpRoute.ts";
import { canonicalPath, isGrantPath } from "../../api/path.ts";
import type { GrantedPath } from "../../projection/documents.ts";
import type { Reason } from "../conditions/reasons.ts";

/** Why a target, or one of its rules, is not granted. */
export interface TargetProblem {
  readonly reason: Reason;
  readonly message: string;
}

/** A rule of an HTTPRoute, translated into paths and methods of a grant. */
export interface ReadRule {
  readonly where: string;
  readonly matches: readonly {
    readonly path: GrantedPath;
    /** Empty: all. */
    readonly methods: readonly string[];
    /** False: the grant owns the path, but allows no request to it. */
    readonly isGranted: boolean;
  }[];
  readonly problems: readonly TargetProblem[];
}

/** A rule is granted as a whole or not at all: an unsupported match narrows the rule, so ignoring it would widen the grant. */
export function readRule({ matches }: RouteRule, where: string): ReadRule {
  const unsupported = [...new Set(matches.flatMap(unsupportedOf))];
  const isGranted = unsupported.length === 0;
  const paths = matches.flatMap((match) => {
    const path = pathOf(match);
    const methods = match.method === undefined ? [] : [match.method];
    return path ? [{ path, methods, isGranted }] : [];
  });
  if (isGranted) return { where, matches: paths, problems: [] };
  const message = `${where} is not granted: it matches by ${unsupported.join(", ")}, which a grant cannot express; move it to an HTTPRoute of its own`;
  return { where, matches: paths, problems: [{ reason: "UnsupportedMatch", message }] };
}

function unsupportedOf(match: RouteMatch): readonly string[] {
  const { type, value } = match.path;
  return [...(pathOf(match) ? [] : [`path ${type} ${value.slice(0, 100)}`]), ...match.others];
}

/** Applies the rules of the grant schema, but accepts hex digits of either case, as Gateway API does. */
function pathOf({ path: { type, value } }: RouteMatch): GrantedPath | undefined {
  if (type !== "Exact" && type !== "PathPrefix") return undefined;
  const path = canonicalPath(value);
  if (!isGrantPath(path)) return undefined;
  return { type, value: type === "PathPrefix" && path !== "/" ? path.replace(/\/$/, "") : path };
}
