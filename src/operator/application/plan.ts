import type { ApplicationProjection } from "../../projection/documents.ts";
import { expiringFrom, reminderEvent } from "../conditions/reminders.ts";
import { planLifecycle } from "../plan/lifecycle.ts";
import { nextChange } from "../plan/lifetime.ts";
import { planInvalid } from "../plan/planInvalid.ts";
import { planProjection } from "../plan/planProjection.ts";
import { planStatus } from "../plan/planStatus.ts";
import { REST, restUntil } from "../plan/rest.ts";
import type { Step, WriteStep } from "../plan/step.ts";
import { buildProjection } from "./buildProjection.ts";
import { planCredentials } from "./credentials.ts";
import { keyEvent, PROJECTION_RESTORED, retiredEvent } from "./events.ts";
import type { Living, ObservedApplication } from "./observed.ts";
import { dueAt, RECORD_MS, remindedAt } from "./rotation.ts";
import { conditionsOf, fieldsOf } from "./status.ts";

/*
 * The writes for one Application, in plan order. A plan returns the first one that is due.
 *
 * | write                 | precondition                                               | enables                                         |
 * | --------------------- | ---------------------------------------------------------- | ----------------------------------------------- |
 * | writeFinalizers (add) | the object lives, and no projection of a former object has | createProjection: no projection outlives its    |
 * |                       | its name                                                   | object unnoticed                                |
 * | createProjection      | finalizer written, spec valid; object unchanged (re-read,  | verifiers acknowledge the id and an Active key  |
 * |                       | or returned by the finalizer write just before)            |                                                 |
 * | replaceProjection     | document differs; object unchanged (re-read). A Pending    | an Active key may be published; once the Secret |
 * |                       | key becomes Active after every live verifier acknowledged  | holds it, its predecessor gets an end           |
 * | createCredentials     | every live verifier acknowledged the projection with the   | callers read the Active pair                    |
 * |                       | Active key, no Secret of the name is known; projection     |                                                 |
 * |                       | unchanged (re-read)                                        |                                                 |
 * | restoreCredentials    | the Application owns the Secret, its content differs; if   | callers read the Active pair (again)            |
 * |                       | it lacks the Active key, acknowledged as above; projection |                                                 |
 * |                       | unchanged (re-read)                                        |                                                 |
 * | deleteCredentials     | the Secret has a former name, cannot be changed, or no key | createCredentials, if a key is Active           |
 * |                       | is left; object unchanged (re-read)                        |                                                 |
 * | writeStatus           | the acknowledgement of the present projection is known     | users read conditions, keys, and grants         |
 *
 * An invalid spec, a refused write and an unreadable projection are reported by writeStatus at once.
 * A deleted object takes the steps of plan/lifecycle.ts instead: replaceProjection (tombstone), deleteProjection after every
 * verifier acknowledged it, writeFinalizers (remove) after a re-read shows that the projection is gone.
 */

/** The creation of a credentials Secret is retried at this interval, in milliseconds, while an unlabelled Secret has its name. */
export const TAKEN_RETRY_MS = 60_000;

/** The next step for one Application, at most one: every write can be the last one before a crash. */
export function planApplication(seen: ObservedApplication): Step {
  const lifecycle = planLifecycle(seen);
  if (lifecycle) return lifecycle;
  const { object, validated } = seen;
  if (!object || !validated) return REST;
  if (!validated.ok)
    return planInvalid(seen, object, validated.problems, disabled(seen.projection?.document));
  const living = { seen, object, spec: validated.spec };
  const document = buildProjection(living, seen.times.now);
  return (
    planProjection(seen, document, { event: eventOf(seen, document), lost: seen.lost }) ??
    planCredentials(living, document) ??
    planStatusOf(living, document) ??
    rest(living, document)
  );
}

function eventOf({ projection, lost }: ObservedApplication, document: ApplicationProjection) {
  return lost ? PROJECTION_RESTORED : keyEvent(projection?.document, document);
}

/** An invalid Application authenticates no request. Its keys stay on record. */
function disabled(document: ApplicationProjection | undefined): ApplicationProjection | undefined {
  return document && { ...document, suspended: true };
}

/** No status is written before the acknowledgement of the latest projection is known. */
function planStatusOf(living: Living, document: ApplicationProjection): WriteStep | undefined {
  const { seen, object } = living;
  if (seen.acknowledgement.kind === "unknown") return undefined;
  const { now } = seen.times;
  const conditions = conditionsOf(living, document, now);
  const fields = fieldsOf(living, document, now);
  const step = planStatus(seen, object, conditions, { ...fields, grants: seen.grants.status });
  const event =
    retiredEvent(object.status?.keys ?? [], fields.keys ?? [], now) ??
    reminderEvent(conditions, object.status?.conditions);
  return step && event ? { ...step, event } : step;
}

function rest({ seen, spec }: Living, { keys, rotatedFor }: ApplicationProjection): Step {
  const { now } = seen.times;
  const active = keys.find(({ state }) => state === "Active");
  const ends = keys.flatMap(({ retiresAt }) => (retiresAt === undefined ? [] : [Date.parse(retiresAt)]));
  const times = [
    ...ends.flatMap((end) => [end, end + RECORD_MS]),
    ...(active ? [dueAt(active, spec.credentials.rotation, rotatedFor)] : []),
    ...(active ? [remindedAt(active, spec.credentials.rotation)] : []),
    nextChange(spec, now),
    expiringFrom(spec),
    seen.grants.until,
    seen.use.until,
    ...(seen.credentialsTaken ? [now + TAKEN_RETRY_MS] : []),
  ];
  return restUntil(seen, Math.min(...times.filter((time) => time > now)));
}
