import { expect, test } from "@jest/globals";
import type { Result } from "../../../../../src/cli/commands/replay/result.ts";
import { Tally } from "../../../../../src/cli/commands/replay/tally.ts";
import type { Verdict } from "../../../../../src/cli/shared/capture/verdict.ts";

const verdict: Verdict = {
  decision: "allow",
  code: "Allowed",
  message: null,
  form: "documented",
  applicationId: "app-k3v9x0q2",
  grant: "team/partners",
  wouldVerifyWith: null,
};
const allowed: Result = { kind: "decided", id: 1, verdict };
const denied: Result = {
  kind: "decided",
  id: 2,
  verdict: { ...verdict, decision: "deny", code: "ApiNotGranted" },
};
const unreadable = (line: number): Result => ({ kind: "unreadable", id: line, line, reason: "is not UTF-8" });

function tallyOf(...results: readonly Result[]): Tally {
  const tally = new Tally("a.jsonl");
  for (const result of results) tally.add(result);
  return tally;
}

test("20 unreadable lines are listed, and the others are counted", () => {
  const rows = tallyOf(allowed, ...Array.from({ length: 31 }, (_, index) => unreadable(index + 2)))
    .table()
    .split("\n");
  expect(rows.filter((row) => /^a\.jsonl:\d+: unreadable: is not UTF-8$/.test(row))).toHaveLength(20);
  expect(rows.slice(-3)).toEqual([
    "and 11 more unreadable lines; -o jsonl has them all",
    "1 of 1 requests are allowed, 31 lines are unreadable",
    "",
  ]);
});

test("an unreadable line is no request", () => {
  expect(tallyOf(allowed, denied, unreadable(3)).table()).toContain(
    "1 of 2 requests are allowed, 1 line is unreadable\n",
  );
});

test("all is allowed only where nothing is denied and nothing is unreadable", () => {
  const all = [
    tallyOf(allowed),
    tallyOf(allowed, denied),
    tallyOf(allowed, unreadable(2)),
    tallyOf(unreadable(1)),
  ];
  expect(all.map((tally) => tally.isAllAllowed)).toEqual([true, false, false, false]);
});
