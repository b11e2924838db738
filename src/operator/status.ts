import { isDeepStrictEqual } from "node:util";
import type { StatusContent } from "../store/store.ts";
import { conditionsOf, type Said } from "./conditions.ts";
import { refOf } from "./key.ts";
import type { KubeObject, PlanInput } from "./planInput.ts";
import type { WriteStep } from "./step.ts";

/**
 * Writes the status where it differs from the one that is there. `more` are the kind's own fields; without it those that are there
 * stay, since a status is written as a whole.
 */
export function planStatus(
  seen: PlanInput,
  object: KubeObject,
  claims: readonly Said[],
  now: number,
  more?: object,
): WriteStep | undefined {
  const { metadata, status } = object;
  const generation = metadata.generation ?? 0;
  const wanted: StatusContent = {
    ...(more ?? status),
    observedGeneration: generation,
    conditions: conditionsOf(claims, status?.conditions, generation, now),
  };
  if (isDeepStrictEqual(plain(wanted), plain(status))) return undefined;
  return {
    kind: "writeStatus",
    object: refOf(seen.subject.kind, metadata),
    status: wanted,
    resourceVersion: metadata.resourceVersion,
  };
}

/** Conditions are a map by type, so their order says nothing. */
function plain(status: StatusContent | undefined): unknown {
  const conditions = [...(status?.conditions ?? [])].sort((a, b) => (a.type < b.type ? -1 : 1));
  return JSON.parse(JSON.stringify({ ...status, conditions }));
}
