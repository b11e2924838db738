import { expect, test } from "@jest/globals";
import { trimHeap } from "../../../../../src/cli/shared/heap/trimHeap.ts";

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
