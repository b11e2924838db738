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
  /** Its two digits, where they are made. */
  readonly pairs: Uint32Array;

  /** For so many items. */
  constructor(count: number) {
    this.order = new Int32Array(count);
    this.other = new Int32Array(count);
    this.keys = new Uint32Array(count);
    this.pairs = new Uint32Array(count);
  }
}

/** Some places of the order. */
export interface Part {
  readonly start: number;
  readonly end: number;
}

/** A digit has so many values at most. */
const MAX_DIGITS = 4_096;
const LOW_BITS = 16;
const LOW = 2 ** LOW_BITS - 1;

/** For each byte of the keys, its rank among the values that occur there; while that is found out, whether a value occurs. */
const RANKS = new Uint16Array(KEY_BYTES * 256);
/** How often each digit occurs, then where its next item belongs. */
const OFFSETS = new Uint32Array(MAX_DIGITS);

/**
 * Sorts a part of the order by the keys, from their last digit to their first. Items of equal keys keep their order. Names have few
 * different bytes, such as those of ten digits, so two bytes usually make one digit: half the passes.
 */
export function sortByKeys(memory: SortMemory, part: Part): void {
  const { keys, pairs } = memory;
  const counts = rankBytes(memory, part);
  const [first, second, third, fourth] = counts;
  const low = first * second;
  const high = third * fourth;
  let { order, other } = memory;
  const sortBy = (values: Uint32Array, shift: number, mask: number, size: number) => {
    move(values, { shift, mask, size }, { from: order, to: other }, part);
    [order, other] = [other, order];
  };
  if (low <= MAX_DIGITS && high <= MAX_DIGITS) {
    makePairs(memory, part, first, third);
    if (low > 1) sortBy(pairs, 0, LOW, low);
    if (high > 1) sortBy(pairs, LOW_BITS, LOW, high);
  } else {
    for (const [place, count] of counts.entries()) if (count > 1) sortBy(keys, place * 8, 0xff, 256);
  }
  if (order !== memory.order) memory.order.set(order.subarray(part.start, part.end), part.start);
}

type Counts = readonly [number, number, number, number];

/** Fills RANKS; returns how many values occur at each byte, the last one first. */
function rankBytes({ order, keys }: SortMemory, { start, end }: Part): Counts {
  RANKS.fill(0);
  for (let at = start; at < end; at += 1) {
    const key = keys[order[at] as number] as number;
    RANKS[key & 0xff] = 1;
    RANKS[256 + ((key >>> 8) & 0xff)] = 1;
    RANKS[512 + ((key >>> 16) & 0xff)] = 1;
    RANKS[768 + (key >>> 24)] = 1;
  }
  return [rankFrom(0), rankFrom(256), rankFrom(512), rankFrom(768)];
}

/** Turns what occurs among 256 values into their ranks; returns how many occur. */
function rankFrom(start: number): number {
  let count = 0;
  for (let at = start; at < start + 256; at += 1) {
    if (RANKS[at] === 0) continue;
    RANKS[at] = count;
    count += 1;
  }
  return count;
}

/** Makes one digit of the last two bytes of each key, and one of its first two, of the numbers of values that occur at the third and the first. */
function makePairs(
  { order, keys, pairs }: SortMemory,
  { start, end }: Part,
  lowWeight: number,
  highWeight: number,
): void {
  for (let at = start; at < end; at += 1) {
    const item = order[at] as number;
    const key = keys[item] as number;
    const low = (RANKS[256 + ((key >>> 8) & 0xff)] as number) * lowWeight + (RANKS[key & 0xff] as number);
    const high =
      (RANKS[768 + (key >>> 24)] as number) * highWeight + (RANKS[512 + ((key >>> 16) & 0xff)] as number);
    pairs[item] = (high << LOW_BITS) | low;
  }
}

/** Where in a value a digit is, and how many there are. */
interface Digit {
  readonly shift: number;
  readonly mask: number;
  readonly size: number;
}

/** Moves the items to where their digits belong. */
function move(
  values: Uint32Array,
  { shift, mask, size }: Digit,
  { from, to }: { readonly from: Int32Array; readonly to: Int32Array },
  { start, end }: Part,
): void {
  OFFSETS.fill(0, 0, size);
  for (let at = start; at < end; at += 1) {
    const digit = ((values[from[at] as number] as number) >>> shift) & mask;
    OFFSETS[digit] = (OFFSETS[digit] as number) + 1;
  }
  let next = start;
  for (let digit = 0; digit < size; digit += 1) {
    const count = OFFSETS[digit] as number;
    OFFSETS[digit] = next;
    next += count;
  }
  for (let at = start; at < end; at += 1) {
    const item = from[at] as number;
    const digit = ((values[item] as number) >>> shift) & mask;
    const place = OFFSETS[digit] as number;
    OFFSETS[digit] = place + 1;
    to[place] = item;
  }
}
