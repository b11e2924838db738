import { expect, test } from "@jest/globals";
import fc from "fast-check";
import { ReadyKeys } from "../../../../src/operator/run/readyKeys.ts";

test("keys are taken in the order in which they came, each with its time, after any sequence of additions and deletions", () => {
  const action = fc.oneof(fc.integer({ min: 0, max: 5 }), fc.constant("delete" as const));
  fc.assert(
    fc.property(fc.array(action), (actions) => {
      const ready = new ReadyKeys();
      const expected: { key: string; since: number }[] = [];
      for (const [since, what] of actions.entries()) {
        const key = String(what);
        if (what === "delete") {
          ready.deleteFirst();
          expected.shift();
        } else if (!ready.has(key)) {
          ready.add(key, since);
          expected.push({ key, since });
        }
        expect(ready.first()).toEqual(expected[0]);
        expect(ready.size).toBe(expected.length);
      }
    }),
  );
});

test("places of keys that were taken are freed without disturbing the order", () => {
  const ready = new ReadyKeys();
  const taken: string[] = [];
  for (let number = 0; number < 5_000; number++) {
    ready.add(`a${number}`, number);
    if (number % 3 === 0) continue;
    taken.push(ready.first()?.key ?? "");
    ready.deleteFirst();
  }
  for (let first = ready.first(); first; first = ready.first()) {
    taken.push(first.key);
    ready.deleteFirst();
  }
  expect(taken).toEqual(Array.from({ length: 5_000 }, (_, number) => `a${number}`));
});
