import { fileURLToPath } from "node:url";
import { expect, test } from "@jest/globals";
import { printedBy } from "../../../../support/ownProcess.ts";

const MODULE = fileURLToPath(new URL("../../../../../src/cli/shared/heap/compactHeap.ts", import.meta.url));
const MIB = 1_048_576;

/** A process of its own that makes garbage, part of which lives for a while; returns its space for new objects, in bytes. */
function newSpaceAfter(preparation: string): number {
  const program = `
    import { getHeapSpaceStatistics } from "node:v8";
    import { compactHeap } from ${JSON.stringify(MODULE)};
    ${preparation}
    const cache = [];
    for (let i = 0; i < 1_000_000; i++) cache[i % 200_000] = { i, text: "text " + i, list: [i] };
    const found = getHeapSpaceStatistics().find(({ space_name }) => space_name === "new_space");
    console.log(found.space_size);
  `;
  return Number(printedBy(program));
}

test("a process with a compact heap holds little memory for new objects", () => {
  expect(newSpaceAfter("compactHeap();")).toBeLessThanOrEqual(16 * MIB);
});

test("a process without it holds more, so that the first test can fail", () => {
  expect(newSpaceAfter("void compactHeap;")).toBeGreaterThan(16 * MIB);
});
