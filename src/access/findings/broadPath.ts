import type { GrantedPath } from "../../projection/documents.ts";

/** Why a path covers more than it seems to, and the remedy; undefined if it does not. */
export function isBroad({ type, value }: GrantedPath): string | undefined {
  if (type === "PathPrefix" && value === "/")
    return "PathPrefix / covers every path of the environment that no other grant names: write the paths that callers need";
  return undefined;
}
