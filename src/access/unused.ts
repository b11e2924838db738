import type { ApiGrant } from "../api/apiGrant.ts";
import type { Application } from "../api/application.ts";
import { classOf } from "../api/class.ts";
import { objectKey } from "../api/names.ts";
import { dayOf, dayText, startOfDay } from "../base/days.ts";
import { timestamp } from "../base/timestamp.ts";

/** A key of an Application, or a grant, with what its status has of its use. */
export interface UsedThing {
  readonly kind: "key" | "grant";
  /** The Application of the key, or the grant: `namespace/name`. */
  readonly object: string;
  /** "" for none. */
  readonly className: string;
  /** The ApiAppKey, or the keyId of a public key; undefined for a grant. */
  readonly key?: string;
  /** The state of a key pair. */
  readonly state?: string;
  /** The day of the last allowed request, as `2026-11-28`; undefined if no request was allowed. */
  readonly lastUsed?: string;
  /** RFC 3339, in UTC; undefined if last use is not recorded. */
  readonly recordedSince?: string;
}

/** What was not used for some time, and for what that is not known. */
export interface UnusedThings {
  readonly unused: readonly UsedThing[];
  /** Neither used within that time nor recorded for all of it. */
  readonly undecided: readonly UsedThing[];
}

/** The objects to judge, with their statuses. */
export interface UsedObjects {
  readonly applications: readonly Application[];
  readonly grants: readonly ApiGrant[];
}

/** Sorts keys and grants by whether a request was allowed with them within `withinMs` before `now` (epoch milliseconds). */
export function unusedOf(objects: UsedObjects, withinMs: number, now: number): UnusedThings {
  const unused: UsedThing[] = [];
  const undecided: UsedThing[] = [];
  for (const one of thingsOf(objects)) {
    const usedUntil = one.lastUsed === undefined ? 0 : startOfDay(dayOf(Date.parse(one.lastUsed)) + 1);
    if (now - usedUntil < withinMs) continue;
    const since = one.recordedSince === undefined ? Number.POSITIVE_INFINITY : Date.parse(one.recordedSince);
    if (now - since < withinMs) undecided.push(one);
    else unused.push(one);
  }
  return { unused, undecided };
}

/** All keys and grants, in the order of the objects; a pair that is not valid yet is left out. */
function thingsOf({ applications, grants }: UsedObjects): readonly UsedThing[] {
  return [...applications.flatMap(keysOf), ...grants.map(grantOf)];
}

function keysOf(application: Application): readonly UsedThing[] {
  const { metadata, spec, status } = application;
  const object = objectKey(metadata.namespace, metadata.name);
  const common = { kind: "key", object, className: classOf(application) } as const;
  const since = status?.useRecordedSince;
  const pairs = (status?.keys ?? []).filter(({ state }) => state !== "Pending");
  const used = new Map(status?.publicKeys?.map(({ keyId, lastUsedTime }) => [keyId, lastUsedTime]));
  return [
    ...pairs.map(({ apiAppKey, state, createdAt, lastUsedTime }) => ({
      ...{ ...common, key: apiAppKey, state },
      ...timesOf(lastUsedTime, since, createdAt),
    })),
    ...(spec.credentials.publicKeys ?? []).map(({ keyId }) => ({
      ...{ ...common, key: keyId },
      ...timesOf(used.get(keyId), since),
    })),
  ];
}

function grantOf(grant: ApiGrant): UsedThing {
  const { metadata, status } = grant;
  const object = objectKey(metadata.namespace, metadata.name);
  const times = timesOf(status?.lastUsedTime, status?.useRecordedSince);
  return { kind: "grant", object, className: classOf(grant), ...times };
}

/** A key that is younger than the record is recorded since it was created. */
function timesOf(
  lastUsedTime: string | undefined,
  since: string | undefined,
  createdAt: string | undefined = since,
): Pick<UsedThing, "lastUsed" | "recordedSince"> {
  return {
    ...(lastUsedTime === undefined ? {} : { lastUsed: dayText(dayOf(Date.parse(lastUsedTime))) }),
    ...(since === undefined ? {} : { recordedSince: timestamp(latest(since, createdAt)) }),
  };
}

function latest(since: string, createdAt: string | undefined): number {
  return Math.max(Date.parse(since), createdAt === undefined ? 0 : Date.parse(createdAt));
}
