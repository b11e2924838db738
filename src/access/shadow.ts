import type { Admission } from "../policy/authorize.ts";
import { Steps } from "../policy/index/paths/steps.ts";
import { type Located, matchedAt } from "../policy/locate.ts";
import { placeOf } from "../policy/place.ts";
import type { Target } from "../policy/request.ts";
import { enforcementOf } from "../policy/shadow.ts";
import type { World } from "./world.ts";

/** A request that reaches the upstream whatever the verifier decides, since Shadow grants alone name its path. */
export interface Open {
  readonly located: Located;
  /** The first Shadow grant in force, and its API. */
  readonly admission: Admission;
}

/** Whether a request is let through unverified at an instant (epoch milliseconds); undefined if decisions on it are enforced. */
export function openTo(target: Target, { index }: World, now: number): Open | undefined {
  if (enforcementOf(target, index, now) !== "Shadow") return undefined;
  const place = placeOf(index.domains, target.host, target.path);
  const matched = place && matchedAt(target, place, index.shadowGrants, new Steps());
  if (!place || !matched) return undefined;
  for (const grants of matched)
    for (const [grant, [api]] of grants)
      if (api && grant.isInForce(now)) return { located: { place, matched }, admission: { grant, api } };
  return undefined;
}
