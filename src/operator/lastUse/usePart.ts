import type { Condition } from "../../api/meta.ts";
import { dayOf, dayText, startOfDay } from "../../base/days.ts";
import { timestamp } from "../../base/timestamp.ts";
import type { ConditionDraft, DraftOrKept } from "../conditions/conditionDraft.ts";

/** The part of a status that last use has. Times of use are the beginning of their day. */
export interface UsePart {
  readonly lastUsedTime?: string;
  readonly useRecordedSince?: string;
  /** Of each key, by ApiAppKey or keyId. */
  readonly keys: ReadonlyMap<string, string>;
  /** Unused, if the object has that condition. */
  readonly conditions: readonly DraftOrKept[];
  /** When time alone adds the condition Unused (epoch milliseconds); infinity for never. */
  readonly until: number;
}

/** A status as this part reads it. */
export interface UsedStatus {
  readonly lastUsedTime?: string;
  readonly useRecordedSince?: string;
  readonly keys?: readonly { readonly apiAppKey: string; readonly lastUsedTime?: string }[];
  readonly publicKeys?: readonly { readonly keyId: string; readonly lastUsedTime?: string }[];
  readonly conditions?: readonly Condition[];
}

/** What an operator knows of the use of one object beside its status. */
export interface KnownUse {
  /** Since when every verifier records uses, in epoch milliseconds; undefined while one does not. */
  readonly since: number | undefined;
  /** The reported days by ApiAppKey or keyId; a grant's own is under "". */
  readonly days: ReadonlyMap<string, number>;
  /** An object that was not used for this long gets the condition Unused, in milliseconds. */
  readonly unusedAfterMs: number;
  /** No condition is added before: verifiers report everything again within this time after an operator has started. Epoch milliseconds. */
  readonly settledAt: number;
}

/** Last use is not recorded: the status has nothing of it. */
export const NO_USE: UsePart = { keys: new Map(), conditions: [], until: Number.POSITIVE_INFINITY };

/** The part that a status has now. */
export function presentPart(status: UsedStatus = {}): UsePart {
  const { lastUsedTime, useRecordedSince, keys = [], publicKeys = [], conditions = [] } = status;
  const times = [
    ...keys.map(({ apiAppKey, lastUsedTime: time }) => [apiAppKey, time] as const),
    ...publicKeys.map(({ keyId, lastUsedTime: time }) => [keyId, time] as const),
  ];
  return {
    ...timesOf(lastUsedTime, useRecordedSince),
    keys: new Map(times.flatMap(([id, time]) => (time === undefined ? [] : [[id, time] as const]))),
    conditions: conditions.filter(({ type }) => type === "Unused").map((one) => ({ ...one, type: "Unused" })),
    until: Number.POSITIVE_INFINITY,
  };
}

/** The part that a status should have at `now` (epoch milliseconds). A time of use never goes back. */
export function wantedPart(present: UsePart, known: KnownUse, createdAt: string, now: number): UsePart {
  const { days } = known;
  const keys = new Map(present.keys);
  for (const [id, day] of days) if (id !== "") keys.set(id, latest(keys.get(id), day));
  const used = days.size === 0 ? undefined : Math.max(...days.values());
  const lastUsedTime = used === undefined ? present.lastUsedTime : latest(present.lastUsedTime, used);
  const since = known.since === undefined ? undefined : Math.max(known.since, Date.parse(createdAt));
  const recorded = since === undefined ? undefined : timestamp(since);
  const part = { ...timesOf(lastUsedTime, recorded), keys };
  return { ...part, ...unused(part, present.conditions.length > 0, known, now) };
}

/** Whether two parts have the same in a status that shows these keys. */
export function isSamePart(a: UsePart, b: UsePart, shown: Iterable<string>): boolean {
  if (a.lastUsedTime !== b.lastUsedTime || a.useRecordedSince !== b.useRecordedSince) return false;
  if (a.conditions[0]?.message !== b.conditions[0]?.message) return false;
  for (const id of shown) if (a.keys.get(id) !== b.keys.get(id)) return false;
  return true;
}

/** Unused: by the end of the day of the last use, or since it is recorded. */
function unused(
  { lastUsedTime, useRecordedSince }: Pick<UsePart, "lastUsedTime" | "useRecordedSince">,
  isPresent: boolean,
  { unusedAfterMs, settledAt }: KnownUse,
  now: number,
): Pick<UsePart, "conditions" | "until"> {
  const never = { conditions: [], until: Number.POSITIVE_INFINITY };
  if (useRecordedSince === undefined) return never;
  const usedUntil = lastUsedTime === undefined ? 0 : startOfDay(dayOf(Date.parse(lastUsedTime)) + 1);
  const due = Math.max(Date.parse(useRecordedSince), usedUntil) + unusedAfterMs;
  const from = isPresent ? due : Math.max(due, settledAt);
  if (now < from) return { ...never, until: from };
  return { ...never, conditions: [draft(lastUsedTime, useRecordedSince)] };
}

function draft(lastUsedTime: string | undefined, useRecordedSince: string): ConditionDraft {
  const last =
    lastUsedTime === undefined
      ? "No request was allowed with it"
      : `The last request was allowed with it on ${dayText(dayOf(Date.parse(lastUsedTime)))}`;
  const message = `${last}; last use is recorded since ${useRecordedSince}. If no caller needs it, suspend it for some time, then delete it`;
  return { type: "Unused", status: "True", reason: "NotUsed", message };
}

function latest(time: string | undefined, day: number): string {
  const before = time === undefined ? Number.NEGATIVE_INFINITY : Date.parse(time);
  const next = startOfDay(day);
  return time === undefined || next > before ? timestamp(next) : time;
}

/** The fields that an Application and an ApiGrant have in common. */
export function usedTimes({ lastUsedTime, useRecordedSince }: UsePart) {
  return timesOf(lastUsedTime, useRecordedSince);
}

function timesOf(lastUsedTime: string | undefined, useRecordedSince: string | undefined) {
  return {
    ...(lastUsedTime === undefined ? {} : { lastUsedTime }),
    ...(useRecordedSince === undefined ? {} : { useRecordedSince }),
  };
}
