import { fileURLToPath } from "node:url";
import { expect, test } from "@jest/globals";
import { printedBy } from "../../../../support/ownProcess.ts";

const FOLDER = "../../../../../src/cli/shared/heap";
const moduleOf = (name: string) =>
  JSON.stringify(fileURLToPath(new URL(`${FOLDER}/${name}`, import.meta.url)));
const MIB = 1_048_576;

/**
 * The sizes of the space for new objects, in MiB, of a process of its own that runs this code. `work` makes as little garbage that
 * lives for a while as a server does: 10 MB of it in 1.3 s.
 */
function sizes(code: string): readonly number[] {
  const program = `
    import { limitNewSpace, newSpaceSize } from ${moduleOf("newSpace.ts")};
    import { heapForServing } from ${moduleOf("servingHeap.ts")};
    import { trimHeap } from ${moduleOf("trimHeap.ts")};
    const cache = [];
    let made = 0;
    async function work(rounds = 250) {
      for (let round = 0; round < rounds; round++) {
        for (let i = 0; i < 250; i++) cache[made++ % 100_000] = { i, text: "text " + made, list: [i, i, i] };
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
    }
    const sizes = [];
    const note = () => sizes.push(newSpaceSize() / ${MIB});
    ${code}
    console.log(JSON.stringify(sizes));
  `;
  return JSON.parse(printedBy(program));
}

test("the space grows to its limit and no further, also after a collection of everything made it smaller", () => {
  const found = sizes(`
    limitNewSpace({ bytes: ${8 * MIB}, large: ${32 * MIB}, largeFrom: ${2 ** 30} });
    await work();
    note();
    trimHeap();
    note();
    await work();
    note();
  `);
  expect(found).toEqual([8, expect.any(Number), 8]);
  expect(found[1]).toBeLessThan(8);
}, 30_000);

test("it holds also where much that stays is made at once", () => {
  const found = sizes(`
    limitNewSpace({ bytes: ${8 * MIB}, large: ${32 * MIB}, largeFrom: ${2 ** 30} });
    for (let round = 0; round < 300; round++) {
      for (let i = 0; i < 300; i++) cache.push({ i, text: "text " + i, list: [i, i, i] });
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
    note();
  `);
  expect(found).toEqual([8]);
}, 30_000);

test("the limit is another one while the old space is large", () => {
  const found = sizes(`
    limitNewSpace({ bytes: ${8 * MIB}, large: ${16 * MIB}, largeFrom: ${100 * MIB} });
    await work();
    note();
    const much = Array.from({ length: 2_000_000 }, (_, number) => ({ number, text: "text " + number }));
    await work();
    note();
    cache.push(much);
  `);
  expect(found).toEqual([8, 16]);
}, 30_000);

test("left alone it grows further, so that the tests before can fail", () => {
  const [size] = sizes("await work(); note();");
  expect(size).toBeGreaterThan(8);
}, 30_000);

test.each([
  ["http2", true],
  ["grpc-js", false],
])(
  "while %s serves, the limit of 8 MiB holds: %s",
  (transport, isLimited) => {
    const [size = 0] = sizes(`heapForServing("${transport}"); await work(); note();`);
    expect(size <= 8).toBe(isLimited);
  },
  30_000,
);
