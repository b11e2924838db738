import { beforeEach, describe, expect, test } from "@jest/globals";
import { KeyEntry } from "../../../../src/policy/index/applications.ts";
import { GrantEntry } from "../../../../src/policy/index/grantEntry.ts";
import { ProjectionIndex } from "../../../../src/policy/index/projectionIndex.ts";
import { decodeUses } from "../../../../src/projection/useReport.ts";
import { UseRecorder } from "../../../../src/verifier/lastUse/useRecorder.ts";
import { application, grant, key, stored } from "../../../support/documents.ts";

const NOON = Date.parse("2026-11-28T12:00:00Z");
const [SECOND, HOUR, DAY] = [1_000, 3_600_000, 86_400_000];

/** Monotonic milliseconds; the wall clock shows noon then. */
let time: number;
let wall: number;
let recorder: UseRecorder;

beforeEach(() => {
  time = 0;
  wall = NOON;
  recorder = new UseRecorder({ monotonic: () => time, wall: () => wall });
});

function entries(name = "mobile"): readonly [KeyEntry, GrantEntry] {
  const index = new ProjectionIndex();
  const keys = [key({ apiAppKey: `APID${name}` })];
  index.upsert(stored(application({ keys }), 1));
  const entry = index.applications.key(`APID${name}`, NOON);
  if (!entry) throw new Error("no entry");
  return [entry, new GrantEntry(grant({ name: `${name}-grant` }))];
}

/** The ids of a report, sorted. */
const ids = (report: string) => (decodeUses(report) ?? []).map(({ id }) => id).sort();

function written(): readonly string[] {
  const report = ids(recorder.report());
  recorder.written();
  return report;
}

describe("a use", () => {
  test("is reported with its day, until a written report has shown it for 30 seconds", () => {
    recorder.note(...entries());
    expect(recorder.report()).toBe(
      '{"2026-11-28":{"keys":["APIDmobile"],"grants":["team-shop/mobile-grant"]}}',
    );
    time = 60 * SECOND;
    expect(written()).toHaveLength(2);
    time += 29 * SECOND;
    expect(written()).toHaveLength(2);
    time += SECOND;
    expect(recorder.report()).toBe("{}");
  });

  test("is reported once for a day, however many requests there are", () => {
    const [one, other] = entries();
    for (let at = 0; at < 100; at++) recorder.note(one, other);
    written();
    time += 30 * SECOND;
    wall += HOUR;
    recorder.note(one, other);
    expect(written()).toEqual([]);
  });

  test("is reported again on the next day", () => {
    const [one, other] = entries();
    recorder.note(one, other);
    written();
    wall += DAY;
    written();
    recorder.note(one, other);
    expect(recorder.report()).toContain('"2026-11-29"');
  });

  test("does not go back when the clock does", () => {
    const [one, other] = entries();
    recorder.note(one, other);
    wall -= DAY;
    written();
    recorder.note(one, other);
    expect(recorder.report()).not.toContain("2026-11-27");
  });

  test("is reported again after 12 hours, for an operator that was away", () => {
    recorder.note(...entries());
    written();
    time = 30 * SECOND;
    written();
    time = 12 * HOUR;
    expect(written()).toHaveLength(2);
    time += 30 * SECOND;
    expect(written()).toEqual([]);
  });

  test("is no longer repeated when others are 30 days newer", () => {
    recorder.note(...entries("old"));
    wall += 31 * DAY;
    written();
    recorder.note(...entries("new"));
    written();
    time = 30 * SECOND;
    written();
    time = 12 * HOUR;
    expect(written()).toEqual(["APIDnew", "team-shop/new-grant"]);
  });
});

test("100,000 keys are reported in bounded reports, and each of them in some report", () => {
  const [one, found] = entries();
  const count = 100_000;
  const seen = new Set<string>();
  for (let at = 0; at < count; at++) {
    const apiAppKey = `APID${String(at).padStart(36, "0")}`;
    recorder.note(new KeyEntry(one.application, key({ apiAppKey })), found);
  }
  let longest = 0;
  for (let rounds = 0; rounds < 1_000; rounds++) {
    const report = recorder.report();
    recorder.written();
    if (report === "{}") break;
    longest = Math.max(longest, report.length);
    for (const id of ids(report)) seen.add(id);
    time += 30 * SECOND;
  }
  expect(seen.size).toBe(count + 1);
  // The annotations of an object may have 262,144 bytes.
  expect(longest).toBeLessThan(40_000);
});
