import { breadthOf } from "../../policy/broadPath.ts";
import type { GrantedPath } from "../../projection/documents.ts";

/** Why a path covers more than it seems to, and the remedy; undefined if it does not. */
export function whyBroad(path: GrantedPath): string | undefined {
  const breadth = breadthOf(path);
  if (breadth !== undefined)
    return `${breadth}: write type Exact, Template or PathPrefix where callers need no more than that`;
  if (path.type === "PathPrefix" && path.value === "/")
    return "PathPrefix / covers every path of the environment that no other grant names: write the paths that callers need";
  return undefined;
}
