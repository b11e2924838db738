import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { oldSpaceSize } from "./newSpace.ts";

/** A larger old space, in bytes, is compacted: 10,000 Applications have 40 to 100 MB, and gain nothing. */
const COMPACTED_FROM = 256 * 1_048_576;

/**
 * Collects garbage, and returns the memory that the start needed and nothing needs any more to the system. V8 does so by itself only
 * after much more work than an idle process has. Takes 0.1 s for 10,000 Applications, half of it for a second collection that finds
 * nothing: V8 makes two at least, and one of the usual flavor keeps the memory (Node 24.21). In a V8 without this function nothing
 * happens.
 * A collection moves 12 MiB together at most, whatever the size of the heap. After the first start of standalone with 100,000 Applications
 * the old space stayed half empty: 1,120 MB for 610 that live, each page of which every small collection visits. A flag of V8's own
 * tests lifts the limit, which takes a second more there.
 */
export function trimHeap(): void {
  setFlagsFromString("--expose-gc");
  const collect: unknown = runInNewContext("globalThis.gc");
  setFlagsFromString("--no-expose-gc");
  if (typeof collect !== "function") return;
  const isCompacted = oldSpaceSize() > COMPACTED_FROM;
  if (isCompacted) setFlagsFromString("--stress-compaction");
  collect({ type: "major", execution: "sync", flavor: "last-resort" });
  if (isCompacted) setFlagsFromString("--no-stress-compaction");
}
