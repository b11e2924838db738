import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

/**
 * Collects garbage, and returns the memory that the start needed and nothing needs any more to the system. V8 does so by itself only
 * after much more work than an idle process has. Takes 0.1 s for 10,000 Applications, half of it for a second collection that finds
 * nothing: V8 makes two at least, and one of the usual flavor keeps the memory (Node 24.21). In a V8 without this function nothing
 * happens.
 */
export function trimHeap(): void {
  setFlagsFromString("--expose-gc");
  const collect: unknown = runInNewContext("globalThis.gc");
  setFlagsFromString("--no-expose-gc");
  if (typeof collect === "function") collect({ type: "major", execution: "sync", flavor: "last-resort" });
}
