/** The bytes of a key. */
export const KEY_BYTES = 4;

/** For one list at a time. */
export class SortMemory {
  /** Numbers of items, in the order that is being made. */
  readonly order: Int32Array;
  /** Where they are moved to while they are sorted. */
  readonly other: Int32Array;
  /** The key of each item. */
  readonly keys: Uint32Array;

  /** For so many items. */
  constructor(count: number) {
    this.order = new Int32Array(count);
    this.other = new Int32Array(count);
    this.keys = new Uint32Array(count);
  }
}

/** Some places of the order. */
export interface Part {
  readonly start: number;
  readonly end: number;
}

/** How often each value of a byte occurs among the keys, for each of their bytes. */
const COUNTS = new Uint32Array(KEY_BYTES * 256);

/** Sorts a part of the order by the keys, from their last byte to their first. Items of equal keys keep their order. */
export function sortByKeys(memory: SortMemory, part: Part): void {
  const { keys } = memory;
  let { order, other } = memory;
  countBytes(memory, part);
  for (let place = 0; place < KEY_BYTES; place += 1) {
    if (!toOffsets(place * 256, part)) continue;
    for (let at = part.start; at < part.end; at += 1) {
      const item = order[at] as number;
      const count = place * 256 + (((keys[item] as number) >>> (place * 8)) & 0xff);
      const to = COUNTS[count] as number;
      COUNTS[count] = to + 1;
      other[to] = item;
    }
    [order, other] = [other, order];
  }
  if (order !== memory.order) memory.order.set(order.subarray(part.start, part.end), part.start);
}

function countBytes({ order, keys }: SortMemory, { start, end }: Part): void {
  COUNTS.fill(0);
  for (let at = start; at < end; at += 1) {
    const key = keys[order[at] as number] as number;
    for (let place = 0; place < KEY_BYTES; place += 1) {
      const count = place * 256 + ((key >>> (place * 8)) & 0xff);
      COUNTS[count] = (COUNTS[count] as number) + 1;
    }
  }
}

/** Turns counts into the places where each value's items begin; false if there is one value alone, so that nothing has to be moved. */
function toOffsets(first: number, { start, end }: Part): boolean {
  let next = start;
  for (let at = first; at < first + 256; at += 1) {
    const count = COUNTS[at] as number;
    if (count === end - start) return false;
    COUNTS[at] = next;
    next += count;
  }
  return true;
}
