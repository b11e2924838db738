import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { IdTable, seededHash } from "../../../src/base/idTable.ts";

interface Value {
  readonly id: string;
  readonly number: number;
}

const idOf = ({ id }: Value) => id;
const digits = (id: string) => Number(/\d+$/.exec(id)?.[0] ?? 0);

/** From one that tells all ids apart to one that takes all for the same, which puts all but 64 of them into the Map. */
const HASHES: readonly (readonly [name: string, hashOf: (id: string) => number])[] = [
  ["a seeded hash", seededHash(7)],
  ["32 bits that are all set", () => -1],
  ["the same for all", () => 0],
  ["five values", (id) => digits(id) % 5],
  ["the last places, from where a search continues at the first ones", (id) => -1 - (digits(id) % 3)],
  ["neighbours", digits],
];

describe.each(HASHES)("an IdTable whose hash is %s", (_, hashOf) => {
  test("is a Map, whatever is put in and taken out", () => {
    const step = fc.tuple(fc.constantFrom("set", "set", "set", "delete"), fc.nat(300));
    fc.assert(
      fc.property(fc.array(step, { maxLength: 1_500, size: "max" }), (steps) => {
        const [table, map] = [new IdTable<Value>(idOf, hashOf), new Map<string, Value>()];
        steps.forEach(([what, number], at) => {
          const id = `APID${number}`;
          if (what === "delete") {
            table.delete(id);
            map.delete(id);
          } else {
            table.set({ id, number: at });
            map.set(id, { id, number: at });
          }
        });
        const ids = Array.from({ length: 302 }, (_, number) => `APID${number}`);
        expect(ids.map((id) => table.get(id))).toEqual(ids.map((id) => map.get(id)));
      }),
      { numRuns: 30, endOnFailure: true },
    );
  });

  test("finds all of 1,000 ids while it grows, and none after they are gone", () => {
    const table = new IdTable<Value>(idOf, hashOf);
    const ids = Array.from({ length: 1_000 }, (_, number) => `APID${number}`);
    ids.forEach((id, number) => {
      table.set({ id, number });
      expect(table.get("APID0")?.number).toBe(0);
    });
    expect(ids.map((id) => table.get(id)?.number)).toEqual(ids.map((_, number) => number));
    for (const id of ids) table.delete(id);
    expect(ids.filter((id) => table.get(id))).toEqual([]);
  });
});

test("an id that is longer than all that were put in is not hashed", () => {
  const hashed: string[] = [];
  const table = new IdTable<Value>(idOf, (id) => hashed.push(id));
  table.set({ id: "APIDmobile", number: 1 });
  const before = hashed.length;
  expect(table.get("x".repeat(60_000))).toBeUndefined();
  expect(hashed).toHaveLength(before);
});

test("a hash depends on its seed and on every character", () => {
  const texts = ["", "APIDa", "APIDb", "bPIDa", "APIDaa", "中"];
  const hashes = [1, 2, 2 ** 32 - 1].flatMap((seed) => texts.map(seededHash(seed)));
  expect(new Set(hashes).size).toBe(hashes.length);
  expect(hashes.every((hash) => (hash | 0) === hash)).toBe(true);
});
