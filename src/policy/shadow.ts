import { decodedPath } from "../api/path.ts";
import type { Enforcement } from "../api/vocabulary.ts";
import { Steps } from "./index/paths/steps.ts";
import type { ProjectionIndex } from "./index/projectionIndex.ts";
import { apiName, matchedAt, someApi } from "./locate.ts";
import { isSafePath } from "./pathSafety.ts";
import { placeOf } from "./place.ts";
import type { Target } from "./request.ts";

/**
 * Whether the decision on a request is enforced. It is reported only if the path can be understood in one way and Shadow
 * grants alone name it, as it was sent and as an upstream may decode it. It depends on host, path and the proxy's route, and not
 * on method, signature or body. Without Shadow grants it costs one comparison.
 */
export function enforcementOf(target: Target, index: ProjectionIndex, now: number): Enforcement {
  if (!index.canShadow) return "Enforce";
  const { path } = target;
  if (!isSafePath(path)) return "Enforce";
  const steps = new Steps();
  const decoded = path.includes("%") ? decodedPath(path) : path;
  const isShadow =
    isShadowed(target, path, { index, now, steps }) &&
    (decoded === path || isShadowed(target, decoded, { index, now, steps }));
  // With the steps spent it is not known whether an Enforce grant names the path.
  return isShadow && !steps.areSpent ? "Shadow" : "Enforce";
}

interface Lookup {
  readonly index: ProjectionIndex;
  readonly now: number;
  readonly steps: Steps;
}

/**
 * Whether no Enforce grant names the path, and the most specific Shadow grants that do include one in force whose API is not
 * another than the proxy's route names.
 */
function isShadowed(target: Target, path: string, { index, now, steps }: Lookup): boolean {
  const place = placeOf(index.domains, target.host, path);
  if (!place || matchedAt(target, place, index.grants, steps)) return false;
  const { environment, api } = target.context;
  if (environment !== undefined && environment !== place.environment) return false;
  const matched = matchedAt(target, place, index.shadowGrants, steps) ?? [];
  return someApi(
    matched,
    (grant, one) => grant.isInForce(now) && (api === undefined || api === apiName(grant, one)),
  );
}
