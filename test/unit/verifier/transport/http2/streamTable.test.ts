import { expect, test } from "@jest/globals";
import fc from "fast-check";
import { StreamTable } from "../../../../../src/verifier/transport/http2/streamTable.ts";

interface Stream {
  readonly id: number;
}

const streamOf = (id: number): Stream => ({ id });

/** Ids whose searches begin at few slots, so that most of them meet. */
const ids = fc.tuple(fc.nat({ max: 40 }), fc.nat({ max: 5 })).map(([high, low]) => high * 512 + low * 2 + 1);
const steps = fc.array(fc.record({ id: ids, isOpened: fc.boolean() }), { maxLength: 300 });

test("after any openings and ends the table has exactly the open streams", () => {
  fc.assert(
    fc.property(steps, (taken) => {
      const table = new StreamTable<Stream>();
      const open = new Map<number, Stream>();
      for (const { id, isOpened } of taken) {
        if (isOpened && !open.has(id)) {
          open.set(id, streamOf(id));
          table.add(open.get(id) as Stream);
        } else if (!isOpened) {
          open.delete(id);
          table.delete(id);
        }
        expect(table.get(id)).toBe(open.get(id));
      }
      expect(table.size).toBe(open.size);
      expect(new Set(table.values())).toEqual(new Set(open.values()));
      for (const [id, stream] of open) expect(table.get(id)).toBe(stream);
    }),
  );
});

test("the ids of a long connection, a hundred open at a time, are found", () => {
  const table = new StreamTable<Stream>();
  for (let id = 1; id < 200_001; id += 2) {
    table.add(streamOf(id));
    if (id > 200) table.delete(id - 200);
    expect(table.get(id)?.id).toBe(id);
  }
  expect(table.size).toBe(100);
  expect(
    table
      .values()
      .map(({ id }) => id)
      .sort((a, b) => a - b)[0],
  ).toBe(199_801);
});
