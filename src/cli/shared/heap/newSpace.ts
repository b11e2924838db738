import { getHeapSpaceStatistics, setFlagsFromString } from "node:v8";

/** How often the size is looked at, in milliseconds. A process that serves keeps too little alive for two growths within this time. */
const LOOK_MS = 250;
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
 * reads the factor by which it grows at each growth. It is one that ends at this size, and is set again and again, because V8 makes the
 * space smaller with a collection of everything while the process has little to do: from 2 MiB it would not grow by a factor of 1, and a
 * verifier with 2 MiB takes 10 to 15 % more CPU time. Made to grow right away, by objects that are thrown away, it has its size as well,
 * but the verifier was 6 % slower ever after (Node 24.21). Where a later V8 ignores the flag, the process only uses more memory.
 */
export function limitNewSpace(limit: NewSpaceLimit): void {
  let set: number | undefined;
  const look = () => {
    const factor = factorFor(limit);
    if (factor === set) return;
    set = factor;
    setFlagsFromString(`--semi-space-growth-factor=${factor}`);
  };
  look();
  setInterval(look, LOOK_MS).unref();
}

/** The largest factor that does not pass the limit; at least 1. */
function factorFor({ bytes, large, largeFrom }: NewSpaceLimit): number {
  const limit = oldSpaceSize() > largeFrom ? large : bytes;
  return Math.max(1, Math.floor(limit / Math.max(SMALLEST, newSpaceSize())));
}

/** The present size of both halves, in bytes; Infinity in a V8 that has no space of this name. */
export function newSpaceSize(): number {
  return sizeOf("new_space") ?? Number.POSITIVE_INFINITY;
}

/** The same of the space for what has outlived two collections; 0 in a V8 that has no space of this name. */
function oldSpaceSize(): number {
  return sizeOf("old_space") ?? 0;
}

function sizeOf(name: string): number | undefined {
  return getHeapSpaceStatistics().find(({ space_name }) => space_name === name)?.space_size;
}
