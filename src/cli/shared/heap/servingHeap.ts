import { setFlagsFromString } from "node:v8";
import { trimHeap } from "./trimHeap.ts";

/**
 * Makes V8 collect less garbage while a process starts, when most new objects stay and no request waits: it marks all at once, and
 * the space for new objects grows at once. Call it first. A later V8 that ignores the flags only needs more time.
 */
export function heapForStart(): void {
  setFlagsFromString("--no-incremental-marking");
  setFlagsFromString("--semi-space-growth-factor=16");
}

/** Returns the memory that the start needed, and makes V8 mark in steps again. Call it right before the process serves. */
export function heapForServing(): void {
  trimHeap();
  setFlagsFromString("--incremental-marking");
  setFlagsFromString("--semi-space-growth-factor=2");
}
