import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { dayOf } from "../../../../src/base/days.ts";
import {
  isSamePart,
  type KnownUse,
  presentPart,
  type UsePart,
  wantedPart,
} from "../../../../src/operator/lastUse/usePart.ts";

const DAY_MS = 86_400_000;
const CREATED = "2026-01-01T00:00:00Z";
const SINCE = Date.parse("2026-03-01T12:00:00Z");
const day = (text: string) => dayOf(Date.parse(`${text}T00:00:00Z`));

const known = (change: Partial<KnownUse> = {}): KnownUse => ({
  since: SINCE,
  days: new Map(),
  unusedAfterMs: 90 * DAY_MS,
  settledAt: 0,
  ...change,
});
const NOTHING = presentPart();
const at = (text: string) => Date.parse(text);

describe("the last use of an object", () => {
  test("is the beginning of the latest day of any of its keys, and that of each key", () => {
    const days = new Map([
      ["APIDa", day("2026-03-05")],
      ["APIDb", day("2026-03-07")],
    ]);
    const part = wantedPart(NOTHING, known({ days }), CREATED, at("2026-03-08T00:00:00Z"));
    expect(part.lastUsedTime).toBe("2026-03-07T00:00:00Z");
    expect(Object.fromEntries(part.keys)).toEqual({
      APIDa: "2026-03-05T00:00:00Z",
      APIDb: "2026-03-07T00:00:00Z",
    });
    expect(part.useRecordedSince).toBe("2026-03-01T12:00:00Z");
  });

  test("stays when a key is gone, and when a report is older", () => {
    const present = presentPart({ lastUsedTime: "2026-03-09T00:00:00Z", keys: [] });
    const days = new Map([["APIDa", day("2026-03-05")]]);
    const part = wantedPart(present, known({ days }), CREATED, at("2026-03-10T00:00:00Z"));
    expect(part.lastUsedTime).toBe("2026-03-09T00:00:00Z");
  });

  test("of an object that is younger than the record is recorded since it was created", () => {
    const part = wantedPart(NOTHING, known(), "2026-04-01T00:00:00Z", at("2026-04-02T00:00:00Z"));
    expect(part.useRecordedSince).toBe("2026-04-01T00:00:00Z");
  });

  test("keeps its times while a verifier does not record, and claims no record", () => {
    const present = presentPart({ lastUsedTime: "2026-03-09T00:00:00Z", useRecordedSince: CREATED });
    const part = wantedPart(present, known({ since: undefined }), CREATED, at("2027-03-10T00:00:00Z"));
    expect(part).toMatchObject({ lastUsedTime: "2026-03-09T00:00:00Z", conditions: [] });
    expect(part.useRecordedSince).toBeUndefined();
  });
});

describe("the condition Unused", () => {
  const used = presentPart({ lastUsedTime: "2026-03-10T00:00:00Z" });
  const cases: Record<string, [UsePart, Partial<KnownUse>, string, boolean]> = {
    "is added 90 days after the record began, if there was no use": [
      NOTHING,
      {},
      "2026-05-30T12:00:00Z",
      true,
    ],
    "is not added a second earlier": [NOTHING, {}, "2026-05-30T11:59:59Z", false],
    "is added 90 days after the end of the day of the last use": [used, {}, "2026-06-09T00:00:00Z", true],
    "is not added during the 90th day after it": [used, {}, "2026-06-08T23:59:59Z", false],
    "is never added without a record": [used, { since: undefined }, "2030-01-01T00:00:00Z", false],
    "is not added for a use before the record, until the record is long enough": [
      presentPart({ lastUsedTime: "2025-01-01T00:00:00Z" }),
      {},
      "2026-05-30T11:59:59Z",
      false,
    ],
    "is not added before verifiers have reported everything to this operator": [
      used,
      { settledAt: at("2026-08-02T00:00:00Z") },
      "2026-08-01T23:59:59Z",
      false,
    ],
    "is not added for a use that is reported and not written": [
      used,
      { days: new Map([["APIDa", day("2026-06-01")]]) },
      "2026-06-09T00:00:00Z",
      false,
    ],
  };
  test.each(Object.entries(cases))("%s", (_, [present, change, now, isUnused]) => {
    const { conditions } = wantedPart(present, known(change), CREATED, at(now));
    expect(conditions.map(({ type }) => type)).toEqual(isUnused ? ["Unused"] : []);
  });

  test("is due at the time that the part names", () => {
    const { until } = wantedPart(used, known(), CREATED, at("2026-04-01T00:00:00Z"));
    expect(new Date(until).toISOString()).toBe("2026-06-09T00:00:00.000Z");
    expect(wantedPart(used, known(), CREATED, until).conditions).toHaveLength(1);
    expect(wantedPart(used, known(), CREATED, until - 1).conditions).toHaveLength(0);
  });

  test("that is there stays after a restart, and states when the last request was and since when it is recorded", () => {
    const now = at("2026-07-01T00:00:00Z");
    const [condition] = wantedPart(used, known(), CREATED, now).conditions;
    expect(condition).toEqual({
      type: "Unused",
      status: "True",
      reason: "NotUsed",
      message:
        "The last request was allowed with it on 2026-03-10; last use is recorded since 2026-03-01T12:00:00Z. If no caller needs it, suspend it for some time, then delete it",
    });
    const written = { lastUsedTime: "2026-03-10T00:00:00Z", useRecordedSince: "2026-03-01T12:00:00Z" };
    const stamp = { lastTransitionTime: CREATED };
    const present = presentPart({ ...written, conditions: condition ? [{ ...condition, ...stamp }] : [] });
    const next = wantedPart(present, known({ settledAt: now + DAY_MS }), CREATED, now);
    expect(isSamePart(present, next, [])).toBe(true);
  });

  test("goes when the object is used again", () => {
    const stamp = { status: "True", reason: "NotUsed", message: "", lastTransitionTime: CREATED } as const;
    const present = presentPart({ conditions: [{ type: "Unused", ...stamp }] });
    const days = new Map([["", day("2026-07-01")]]);
    expect(wantedPart(present, known({ days }), CREATED, at("2026-07-01T09:00:00Z")).conditions).toEqual([]);
  });
});

describe("reports of several verifiers", () => {
  const report = fc.dictionary(fc.constantFrom("APIDa", "APIDb"), fc.integer({ min: 1, max: 40_000 }));
  const reports = fc.array(report, { maxLength: 6 });
  const take = (present: UsePart, days: Readonly<Record<string, number>>) =>
    wantedPart(present, known({ days: new Map(Object.entries(days)) }), CREATED, SINCE);
  const shown = ({ lastUsedTime, keys }: UsePart) => ({ lastUsedTime, ...Object.fromEntries(keys) });

  test("give the same status in every order", () => {
    const shuffled = reports.chain((all) =>
      fc.tuple(fc.constant(all), fc.shuffledSubarray(all, { minLength: all.length })),
    );
    fc.assert(
      fc.property(shuffled, ([one, other]) =>
        expect(shown(one.reduce(take, NOTHING))).toEqual(shown(other.reduce(take, NOTHING))),
      ),
    );
  });

  test("change nothing when they are taken twice", () => {
    fc.assert(
      fc.property(reports, (all) => {
        const once = all.reduce(take, NOTHING);
        expect(shown(all.reduce(take, once))).toEqual(shown(once));
      }),
    );
  });

  test("never take a time back", () => {
    fc.assert(
      fc.property(reports, report, (all, next) => {
        const before = all.reduce(take, NOTHING);
        const after = take(before, next);
        for (const [id, time] of before.keys)
          expect(Date.parse(after.keys.get(id) ?? "")).toBeGreaterThanOrEqual(Date.parse(time));
        if (before.lastUsedTime)
          expect(Date.parse(after.lastUsedTime ?? "")).toBeGreaterThanOrEqual(
            Date.parse(before.lastUsedTime),
          );
      }),
    );
  });
});
