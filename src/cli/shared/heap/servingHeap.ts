import { getHeapStatistics, setFlagsFromString } from "node:v8";
import { compactHeap } from "./compactHeap.ts";
import { trimHeap } from "./trimHeap.ts";

/** Live objects of more bytes than this are marked in steps. Marking so many at once takes 0.3 s. */
const MOST_AT_ONCE = 200 * 1_048_576;
/** How much the old space may grow until the next full collection, as a percentage of its live objects. */
const GROWTH_PERCENT = 20;

/**
 * Makes V8 collect less garbage while a process starts, when most new objects stay and no request waits. Call it first. As with
 * compactHeap, a later V8 that ignores the flags only needs more time.
 */
export function heapForStart(): void {
  setFlagsFromString("--no-incremental-marking");
  setFlagsFromString("--semi-space-growth-factor=16");
}

/**
 * Returns the memory that the start needed, and makes V8 hold little memory under load. Call it right before the process serves.
 * Marking in steps counts every object that is promoted meanwhile as live, and with one thread it lasts for seconds: with 10,000
 * Applications the old space grew to 250 MB, of which 90 are live, and the last step took 100 ms or more, as long as marking everything
 * at once (Node 24.21 with --single-threaded-gc). `mostAtOnce`: the bytes of live objects up to which marking is done at once.
 */
export function heapForServing(mostAtOnce = MOST_AT_ONCE): void {
  trimHeap();
  if (getHeapStatistics().used_heap_size <= mostAtOnce) compactHeap(GROWTH_PERCENT);
  else setFlagsFromString("--incremental-marking");
}
