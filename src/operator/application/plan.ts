import type { ApplicationStatus } from "../../api/application.ts";
import type { Problem } from "../../api/validation/problem.ts";
import type { ApplicationProjection } from "../../projection/documents.ts";
import { planStatus } from "../conditions/statusWrite.ts";
import { planLifecycle } from "../lifecycle.ts";
import { nextChange } from "../lifetime.ts";
import { planProjection } from "../projecting.ts";
import { REST, type Rest, type Step, type WriteStep } from "../run/step.ts";
import { isAcknowledgedByAll } from "../verifiers/acknowledgement.ts";
import { planCredentials } from "./credentials.ts";
import { keyEvent, PROJECTION_RESTORED, retiredEvent } from "./events.ts";
import type { Living, ObservedApplication } from "./observed.ts";
import { projectionOf } from "./project.ts";
import { dueAt, RECORD_MS } from "./rotation.ts";
import { conditionsOf, conditionsOfInvalid, fieldsOf } from "./status.ts";

/** How long a Secret that is in the way, but not seen, is waited for before another try. */
export const TAKEN_RETRY_MS = 60_000;

/**
 * What to write next for one Application: at most one step, so that every write can be the last one before a crash. The order is
 * what makes that safe: a key is in the projection before anybody is told of it, and the status comes last.
 */
export function planApplication(seen: ObservedApplication, now: number): Step {
  const lifecycle = planLifecycle(seen, now);
  if (lifecycle) return lifecycle;
  const { object, validated } = seen;
  if (!object || !validated) return REST;
  if (!validated.ok) return planInvalid(seen, validated.problems, now);
  const living = { seen, object, spec: validated.spec };
  const document = projectionOf(living, now);
  return (
    planProjection(seen, document, { event: eventOf(seen, document), lost: seen.lost }) ??
    planCredentials(living, document) ??
    planStatusOf(living, document, now) ??
    rest(living, document, now)
  );
}

function eventOf({ projection, lost }: ObservedApplication, document: ApplicationProjection) {
  return lost ? PROJECTION_RESTORED : keyEvent(projection?.document, document);
}

/** An invalid spec has no effect: nothing is created, and what is projected admits nobody. Its keys stay on record. */
function planInvalid(seen: ObservedApplication, problems: readonly Problem[], now: number): Step {
  const { object, projection } = seen;
  if (!object) return REST;
  const before = projection?.document;
  const write = before && planProjection(seen, { ...before, suspended: true });
  const waits = before !== undefined && !isAcknowledgedByAll(seen.acknowledgement);
  return (
    write ??
    planStatus(seen, object, conditionsOfInvalid(seen, problems), now) ?? {
      kind: "rest",
      waitsForVerifiers: waits,
    }
  );
}

/** Nothing is said before it is known who has the latest projection; the grants are written last of all. */
function planStatusOf(living: Living, document: ApplicationProjection, now: number): WriteStep | undefined {
  const { seen, object } = living;
  if (seen.acknowledgement.kind === "unknown") return undefined;
  const conditions = conditionsOf(living, document, now);
  const fields = fieldsOf(living, document, now);
  const before = object.status?.grants ?? (seen.grants.status.count === 0 ? seen.grants.status : undefined);
  const write = (grants: ApplicationStatus["grants"]) =>
    planStatus(seen, object, conditions, now, { ...fields, ...(grants ? { grants } : {}) });
  const step = write(before) ?? write(seen.grants.status);
  const event = retiredEvent(object.status?.keys ?? [], fields.keys ?? [], now);
  return step && event ? { ...step, event } : step;
}

function rest({ seen, spec }: Living, { keys, rotatedFor }: ApplicationProjection, now: number): Rest {
  const active = keys.find(({ state }) => state === "Active");
  const ends = keys.flatMap(({ retiresAt }) => (retiresAt === undefined ? [] : [Date.parse(retiresAt)]));
  const times = [
    ...ends.flatMap((end) => [end, end + RECORD_MS]),
    ...(active ? [dueAt(active, spec.credentials.rotation, rotatedFor)] : []),
    nextChange(spec, now),
    seen.grants.until,
    ...(seen.credentialsTaken ? [now + TAKEN_RETRY_MS] : []),
  ].filter((time) => time > now && Number.isFinite(time));
  return {
    kind: "rest",
    waitsForVerifiers: !isAcknowledgedByAll(seen.acknowledgement),
    ...(times.length > 0 ? { until: Math.min(...times) } : {}),
  };
}
