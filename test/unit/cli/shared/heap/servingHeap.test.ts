import { fileURLToPath } from "node:url";
import { expect, test } from "@jest/globals";
import { printedBy } from "../../../../support/ownProcess.ts";

const MODULE = fileURLToPath(new URL("../../../../../src/cli/shared/heap/servingHeap.ts", import.meta.url));

/** What V8 reports about its collections in a process of its own that replaces many live objects after this preparation. */
function collections(preparation: string): string {
  const program = `
    import { heapForServing, heapForStart } from ${JSON.stringify(MODULE)};
    heapForStart();
    ${preparation}
    const kept = Array.from({ length: 500_000 }, (_, i) => ({ i, list: [i, i] }));
    for (let i = 0; i < 4_000_000; i++) kept[i % 500_000] = { i, list: [i, i] };
  `;
  return printedBy(program, ["--single-threaded-gc", "--trace-gc", "--trace-pretenuring-statistics"]);
}

test("a process that serves marks in steps, so that no request waits for all of them", () => {
  expect(collections(`heapForServing("http2");`)).toContain("steps since start of marking");
});

test("a process that starts marks all at once", () => {
  expect(collections("")).not.toContain("steps since start of marking");
});

test("a process that serves makes no object in the old space, whatever outlived earlier collections", () => {
  expect(collections(`heapForServing("grpc-js");`)).not.toContain("=> tenure");
});

test("a process that starts does, so that the test before can fail", () => {
  expect(collections("")).toContain("=> tenure");
});
