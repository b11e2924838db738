import { decodedPath } from "../api/path.ts";
import type { Enforcement } from "../api/vocabulary.ts";
import type { ProjectionIndex } from "./index/projectionIndex.ts";
import { apiName, matchedAt, someApi } from "./locate.ts";
import { isSafePath } from "./pathSafety.ts";
import { placeOf } from "./place.ts";
import type { Target } from "./request.ts";

/**
 * Whether the decision on a request is enforced. It is reported only if the path can be understood in one way and Shadow
 * grants alone name it, as it was sent and as an upstream may decode it. Looks at host and path, never at the signature or
 * the method: an attacker cannot choose by them. Without Shadow grants it costs one comparison.
 */
export function enforcementOf(target: Target, index: ProjectionIndex, now: number): Enforcement {
  if (!index.canShadow) return "Enforce";
  const { path } = target;
  if (!isSafePath(path) || !isShadowed(target, path, index, now)) return "Enforce";
  const decoded = path.includes("%") ? decodedPath(path) : path;
  return decoded === path || isShadowed(target, decoded, index, now) ? "Shadow" : "Enforce";
}

/**
 * Whether no Enforce grant names the path, and the most specific Shadow grants that do include one in force whose API is not
 * another than the proxy's route names.
 */
function isShadowed(target: Target, path: string, index: ProjectionIndex, now: number): boolean {
  const place = placeOf(index.domains, target.host, path);
  if (!place || matchedAt(target, place, index.grants)) return false;
  const { environment, api } = target.context;
  if (environment !== undefined && environment !== place.environment) return false;
  const matched = matchedAt(target, place, index.shadowGrants) ?? [];
  return someApi(
    matched,
    (grant, one) => grant.isInForce(now) && (api === undefined || api === apiName(grant, one)),
  );
}
