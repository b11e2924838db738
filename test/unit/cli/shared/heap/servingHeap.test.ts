import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { expect, test } from "@jest/globals";

const MODULE = fileURLToPath(new URL("../../../../../src/cli/shared/heap/servingHeap.ts", import.meta.url));
const MIB = 1_048_576;

/** A process of its own that holds 60 MB, and then makes garbage that lives for a while; returns the most that its heap had, in bytes. */
function heapUnderLoad(preparation: string): number {
  const program = `
    import { getHeapStatistics } from "node:v8";
    import { heapForServing, heapForStart } from ${JSON.stringify(MODULE)};
    heapForStart();
    const kept = Array.from({ length: 500_000 }, (_, i) => ({ i, list: [i, i] }));
    ${preparation}
    const cache = [];
    let most = 0;
    for (let i = 0; i < 2_000_000; i++) {
      cache[i % 20_000] = { i, list: [i, i], other: { i } };
      if (i % 10_000 === 0) most = Math.max(most, getHeapStatistics().total_heap_size);
    }
    console.log(kept.length > 0 ? most : 0);
  `;
  const args = ["--single-threaded-gc", "--input-type=module-typescript", "--no-warnings", "-e", program];
  return Number(execFileSync(process.execPath, args, { encoding: "utf8" }));
}

test("a process that serves holds little more memory under load than its objects need", () => {
  expect(heapUnderLoad("heapForServing();")).toBeLessThan(150 * MIB);
});

test("a process without it holds more, so that the first test can fail", () => {
  expect(heapUnderLoad("")).toBeGreaterThan(150 * MIB);
});

test("many live objects are marked in steps, so that no request waits for all of them", () => {
  const marks = (most: string) => {
    const program = `
      import { heapForServing, heapForStart } from ${JSON.stringify(MODULE)};
      heapForStart();
      const kept = Array.from({ length: 500_000 }, (_, i) => ({ i, list: [i, i] }));
      heapForServing(${most});
      for (let i = 0; i < 4_000_000; i++) kept[i % 500_000] = { i, list: [i, i] };
    `;
    const args = ["--trace-gc", "--input-type=module-typescript", "--no-warnings", "-e", program];
    return execFileSync(process.execPath, args, { encoding: "utf8" });
  };
  expect(marks("0")).toContain("steps since start of marking");
  expect(marks("")).not.toContain("steps since start of marking");
});
