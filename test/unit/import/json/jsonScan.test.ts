import { expect, test } from "@jest/globals";
import fc from "fast-check";
import { scanJson } from "../../../../src/import/json/jsonScan.ts";

const scan = (text: string) => scanJson(Buffer.from(text, "utf8"));

test("every JSON text that has no key twice is one text from its first to its last byte", () => {
  fc.assert(
    fc.property(fc.json(), fc.constantFrom(undefined, 2, "\t"), (text, indent) => {
      const written = JSON.stringify(JSON.parse(text), undefined, indent);
      expect(scan(`\n${written} `)).toEqual({
        ok: true,
        texts: [{ start: 1, end: 1 + Buffer.byteLength(written), instances: [] }],
      });
    }),
  );
});

test("a text that was cut off anywhere is never accepted as a list or an object", () => {
  const text = '{"a": [1, "b", {"c": null}], "d": "e\\"f"}';
  for (let length = 1; length < text.length; length += 1) expect(scan(text.slice(0, length)).ok).toBe(false);
});

test("what it accepts, JSON.parse accepts too, or it is a scalar that JSON does not have", () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom(...'{}[]:,"\\ a1\n'), maxLength: 12 }), (text) => {
      const found = scan(text);
      if (!found.ok || found.texts.length !== 1) return;
      const isWord = /[a-z]|\d[a-z]|[[:,{ ]0\d|^0\d/.test(text.replaceAll(/"[^"]*"/g, ""));
      if (!isWord && !text.includes("\\")) expect(() => JSON.parse(text) as unknown).not.toThrow();
    }),
    { numRuns: 2_000 },
  );
});

test("appended texts are found one by one", () => {
  expect(scan('{"a":1}\n{"b":2}\n[3]')).toEqual({
    ok: true,
    texts: [
      { start: 0, end: 7, instances: [] },
      { start: 8, end: 15, instances: [] },
      { start: 16, end: 19, instances: [] },
    ],
  });
});

test("an object with very many keys is refused before it takes long", () => {
  const text = `{${Array.from({ length: 20_001 }, (_, index) => `"k${index}":1`).join(",")}}`;
  expect(scan(text)).toMatchObject({ ok: false, message: "has an object with more than 20000 keys" });
});

test("the lists of instances of a state are found, and no other list", () => {
  const text =
    '{"instances":[{}],"resources":[{"x":[{}],"instances":[{"a":[{"instances":[{}]}]}, {}]},{"instances":[]}]}';
  const found = scan(text);
  const lists = found.ok ? (found.texts[0]?.instances ?? []) : [];
  expect(lists.map(({ start, end }) => text.slice(start, end))).toEqual([
    '[{"a":[{"instances":[{}]}]}, {}]',
    "[]",
  ]);
  const [items] = lists.map((list) => list.items);
  expect([text.slice(items?.[0], items?.[1]), text.slice(items?.[2], items?.[3])]).toEqual([
    '{"a":[{"instances":[{}]}]}',
    "{}",
  ]);
});
