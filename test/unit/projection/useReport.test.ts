import { expect, test } from "@jest/globals";
import fc from "fast-check";
import { dayOf } from "../../../src/base/days.ts";
import { decodeUses, encodeUses, type Use } from "../../../src/projection/useReport.ts";

const DAY = dayOf(Date.parse("2026-11-28T09:00:00Z"));
const uses: fc.Arbitrary<readonly Use[]> = fc.uniqueArray(
  fc.record({
    kind: fc.constantFrom("keys" as const, "grants" as const),
    id: fc.string({ minLength: 1 }),
    day: fc.integer({ min: 1, max: 40_000 }),
  }),
  { selector: ({ kind, id }) => `${kind} ${id}` },
);

test("a report names the day once, and the keys and grants of that day", () => {
  const report = encodeUses([
    { kind: "keys", id: "APIDmobile", day: DAY },
    { kind: "grants", id: "team-shop/partners", day: DAY },
    { kind: "keys", id: "APIDother", day: DAY },
  ]);
  expect(report).toBe('{"2026-11-28":{"keys":["APIDmobile","APIDother"],"grants":["team-shop/partners"]}}');
  expect(encodeUses([])).toBe("{}");
});

test("what was encoded is decoded, in any order", () => {
  const sorted = (all: readonly Use[] | undefined) =>
    all?.map((one) => JSON.stringify([one.kind, one.id, one.day])).sort();
  fc.assert(fc.property(uses, (all) => expect(sorted(decodeUses(encodeUses(all)))).toEqual(sorted(all))));
});

test("any text is read without an error, and what is unknown in a report is left out", () => {
  fc.assert(fc.property(fc.oneof(fc.string(), fc.json()), (text) => decodeUses(text) !== null));
  expect(decodeUses("no report")).toBeUndefined();
  expect(decodeUses("[]")).toBeUndefined();
  const odd = '{"2026-11-28":{"keys":["a",7,null],"apis":["x"]},"soon":{"keys":["b"]},"2026-11-27":[]}';
  expect(decodeUses(odd)).toEqual([{ kind: "keys", id: "a", day: DAY }]);
});
