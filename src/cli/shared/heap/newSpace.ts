import { getHeapSpaceStatistics, type HeapSpaceInfo, setFlagsFromString } from "node:v8";

/**
 * How often the size is looked at, in milliseconds: while the space may grow, and while it may not. V8 doubles it when as much as one of
 * its halves has outlived a collection, which with the first requests of 10,000 callers takes less than a quarter of a second.
 */
const LOOK_MS = { growing: 10, grown: 250 };
/** A process that uses so few more bytes between two looks has little to do: it needs no larger space, and is not looked at more often. */
const LITTLE = 16_384;
/** The smallest size of the space for new objects, in bytes. V8 reports half of it while only one of the halves is in use, as after a start. */
const SMALLEST = 2 * 1_048_576;

/** The sizes to which the space for new objects may grow, in bytes of both halves: powers of two of at least 2 MiB. */
export interface NewSpaceLimit {
  readonly bytes: number;
  /** The same while the old space is larger than `largeFrom`, in bytes. */
  readonly large: number;
  readonly largeFrom: number;
}

/**
 * Lets V8's space for new objects grow to this size and no further. Node 24 would let it grow to 128 MiB, which the process then keeps. V8
 * reads the factor by which it grows at each growth: it is 2 below this size, while there is much to do, and 1 otherwise. It is looked at
 * again and again, because V8 makes the space smaller with a collection of everything while the process has little to do, and a verifier
 * with 2 MiB takes 10 to 15 % more CPU time. Made to grow right away, by objects that are thrown away, it has its size as well, but the verifier was 6 % slower ever after
 * (Node 24.21). Where a later V8 ignores the flag, the process only uses more memory.
 */
export function limitNewSpace(limit: NewSpaceLimit): void {
  let set: number | undefined;
  let used = 0;
  const look = () => {
    // Once for all: it makes 6 KB of garbage, which must not look like work.
    const spaces = getHeapSpaceStatistics();
    const before = used;
    used = spaceNamed("new_space", spaces)?.space_used_size ?? 0;
    const factor = Math.abs(used - before) > LITTLE && mayDouble(limit, spaces) ? 2 : 1;
    if (factor !== set) setFlagsFromString(`--semi-space-growth-factor=${factor}`);
    set = factor;
    setTimeout(look, factor === 1 ? LOOK_MS.grown : LOOK_MS.growing).unref();
  };
  look();
}

function mayDouble({ bytes, large, largeFrom }: NewSpaceLimit, spaces: Spaces): boolean {
  const most = oldSpaceSize(spaces) > largeFrom ? large : bytes;
  return 2 * Math.max(SMALLEST, newSpaceSize(spaces)) <= most;
}

/** The present size of both halves, in bytes; Infinity in a V8 that has no space of this name. */
export function newSpaceSize(spaces: Spaces = getHeapSpaceStatistics()): number {
  return spaceNamed("new_space", spaces)?.space_size ?? Number.POSITIVE_INFINITY;
}

/** The present size of the space for objects that have lived for a while, in bytes; 0 in a V8 that has no space of this name. */
export function oldSpaceSize(spaces: Spaces = getHeapSpaceStatistics()): number {
  return spaceNamed("old_space", spaces)?.space_size ?? 0;
}

type Spaces = readonly HeapSpaceInfo[];

function spaceNamed(name: string, spaces: Spaces): HeapSpaceInfo | undefined {
  return spaces.find(({ space_name }) => space_name === name);
}
