import type { RouteMatch, RouteRule } from "../../api/httpRoute.ts";
import { canonicalPath, isGrantPath } from "../../api/path.ts";
import type { GrantedPath } from "../../projection/documents.ts";
import type { Reason } from "../conditions/reasons.ts";

/** Why a target, or a rule of it, gives nothing. */
export interface TargetProblem {
  readonly reason: Reason;
  readonly message: string;
}

/** A rule of an HTTPRoute as a grant can say it. */
export interface ReadRule {
  readonly where: string;
  readonly matches: readonly {
    readonly path: GrantedPath;
    /** Empty: all. */
    readonly methods: readonly string[];
    /** Not so: the path is claimed, and opens to nobody. */
    readonly isGranted: boolean;
  }[];
  readonly problems: readonly TargetProblem[];
}

/** A rule is granted as a whole or not at all: what is not understood would narrow it, and passing it over would widen the grant. */
export function readRule({ matches }: RouteRule, where: string): ReadRule {
  const unsupported = [...new Set(matches.flatMap(unsupportedOf))];
  const isGranted = unsupported.length === 0;
  const paths = matches.flatMap((match) => {
    const path = pathOf(match);
    const methods = match.method === undefined ? [] : [match.method];
    return path ? [{ path, methods, isGranted }] : [];
  });
  if (isGranted) return { where, matches: paths, problems: [] };
  const message = `${where} is not granted: it matches by ${unsupported.join(", ")}, which a grant cannot say; put it in an HTTPRoute of its own`;
  return { where, matches: paths, problems: [{ reason: "UnsupportedMatch", message }] };
}

function unsupportedOf(match: RouteMatch): readonly string[] {
  const { type, value } = match.path;
  return [...(pathOf(match) ? [] : [`path ${type} ${value.slice(0, 100)}`]), ...match.others];
}

/** As in the schema of a grant's paths, whatever the case of hex digits: Gateway API does not ask for one. */
function pathOf({ path: { type, value } }: RouteMatch): GrantedPath | undefined {
  if (type !== "Exact" && type !== "PathPrefix") return undefined;
  const path = canonicalPath(value);
  if (!isGrantPath(path)) return undefined;
  return { type, value: type === "PathPrefix" && path !== "/" ? path.replace(/\/$/, "") : path };
}
