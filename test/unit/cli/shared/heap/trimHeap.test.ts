import { fileURLToPath } from "node:url";
import { expect, test } from "@jest/globals";
import { trimHeap } from "../../../../../src/cli/shared/heap/trimHeap.ts";
import { printedBy } from "../../../../support/ownProcess.ts";

const moduleAt = (name: string) =>
  JSON.stringify(fileURLToPath(new URL(`../../../../../src/cli/shared/heap/${name}`, import.meta.url)));

test("what is not needed any more is collected at once, and what is needed stays", () => {
  const kept = { name: "kept" };
  let collected: WeakRef<object> | undefined;
  // In a function of its own, so that no register of this one holds the object.
  const make = () => {
    collected = new WeakRef({ name: "dropped" });
  };
  make();
  return new Promise((resolve) => setImmediate(resolve)).then(() => {
    trimHeap();
    expect(collected?.deref()).toBeUndefined();
    expect(kept.name).toBe("kept");
    expect("gc" in globalThis).toBe(false);
  });
});

test("a large old space of which half is needed no more is compacted", () => {
  const program = `
    import { oldSpaceSize } from ${moduleAt("newSpace.ts")};
    import { trimHeap } from ${moduleAt("trimHeap.ts")};
    const made = [];
    for (let at = 0; at < 6_000_000; at += 1) made.push({ at, next: { at } });
    // What is left is in every page.
    let kept = 0;
    for (let at = 0; at < made.length; at += 3) made[kept++] = made[at];
    made.length = kept;
    const before = oldSpaceSize();
    trimHeap();
    console.log(JSON.stringify({ before, after: oldSpaceSize(), last: made.at(-1).next.at }));
  `;
  const output = printedBy(program, ["--single-threaded-gc", "--no-incremental-marking"]);
  const { before, after, last } = JSON.parse(output) as Record<"before" | "after" | "last", number>;
  expect(before).toBeGreaterThan(300 * 1_048_576);
  // A third is left; without the flag nine tenths of the space stay.
  expect(after).toBeLessThan(0.7 * before);
  expect(last).toBe(5_999_997);
});
