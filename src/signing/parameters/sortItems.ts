import type { Items } from "./items.ts";
import { KEY_BYTES, type Part, SortMemory, sortByKeys } from "./radixSort.ts";

/** Below this many, a comparison of each two costs less than keys; items. */
const FEW = 24;
/** Items whose names begin alike are told apart by four further bytes so often; what is left then is compared two by two. */
const MAX_DEPTH = 4;
/** So many bytes are compared one by one before Node compares the rest. */
const NEAR = 24;

/**
 * Byte by byte: by name, then by value; by name alone, so that the values of a repeated name stay in the order sent; or by the whole
 * item, so that `a-b=2` comes before `a=1`, as clients do that sort a list of such texts.
 */
export type ItemOrder = "name" | "name-alone" | "pair";

/** Items, and which of their three cuts ends what they are sorted by: below, that is their name. */
interface Sorted {
  readonly bytes: Buffer;
  readonly cuts: Int32Array;
  readonly last: 1 | 2;
  /** Whether items of equal names are sorted by what is behind these. */
  readonly byValue: boolean;
}

const USUAL = new SortMemory(1_024);

/**
 * The numbers of the items in an order of bytes; equal ones in the order sent. To compare a thousand two by
 * two would be the dearest part of a request. So names get keys of four bytes behind what all of them begin with, and are sorted by each of
 * these bytes in turn; only items with equal keys are compared further. Good until the next call.
 */
export function sortItems(items: Items, by: ItemOrder): Int32Array {
  const { bytes, cuts, count } = items;
  const memory = count > USUAL.order.length ? new SortMemory(count) : USUAL;
  const { order } = memory;
  for (let item = 0; item < count; item += 1) order[item] = item;
  const sorted: Sorted = { bytes, cuts, last: by === "pair" ? 2 : 1, byValue: by === "name" };
  sortPart(sorted, memory, { start: 0, end: count }, 0, 0);
  return order;
}

/** Sorts a part of the order in place, in which all names are equal before `from`; a byte that is missing counts as 0. */
function sortPart(items: Sorted, memory: SortMemory, part: Part, from: number, depth: number): void {
  const { start, end } = part;
  const { order } = memory;
  if (end - start < FEW) insertionSort(items, order, start, end, from);
  else if (depth > MAX_DEPTH) order.subarray(start, end).sort((a, b) => compareItems(items, a, b, from));
  else {
    const begin = endOfCommonStart(items, order, part, from);
    if (!makeKeys(items, memory, part, begin)) sortByKeys(memory, part);
    sortGroups(items, memory, part, begin + KEY_BYTES, depth + 1);
  }
}

/** Sorts items of equal keys by the bytes behind them. */
function sortGroups(items: Sorted, memory: SortMemory, part: Part, from: number, depth: number): void {
  const { keys, order } = memory;
  for (let start = part.start, end = start; start < part.end; start = end) {
    const key = keys[order[start] as number];
    do end += 1;
    while (end < part.end && keys[order[end] as number] === key);
    if (end - start >= FEW) sortPart(items, memory, { start, end }, from, depth);
    else if (end - start > 1) insertionSort(items, order, start, end, from);
  }
}

function insertionSort(items: Sorted, order: Int32Array, start: number, end: number, from: number): void {
  for (let next = start + 1; next < end; next += 1) {
    const item = order[next] as number;
    let at = next;
    for (; at > start && compareItems(items, order[at - 1] as number, item, from) > 0; at -= 1)
      order[at] = order[at - 1] as number;
    order[at] = item;
  }
}

/** How many first bytes the names of a part share; `from` or more, where a byte that is missing counts as 0. */
function endOfCommonStart(
  { bytes, cuts, last }: Sorted,
  order: Int32Array,
  part: Part,
  from: number,
): number {
  const first = (order[part.start] as number) * 3;
  const start = cuts[first] as number;
  let length = (cuts[first + last] as number) - start;
  for (let at = part.start + 1; at < part.end && length > from; at += 1) {
    const cut = (order[at] as number) * 3;
    const other = cuts[cut] as number;
    const most = Math.min(length, (cuts[cut + last] as number) - other);
    let equal = Math.min(from, most);
    while (equal < most && bytes[start + equal] === bytes[other + equal]) equal += 1;
    length = equal;
  }
  return Math.max(from, length);
}

/**
 * Makes a key of the four bytes of each name from `begin` on; a name and what it begins may have equal keys. Whether the keys are in
 * order already.
 */
function makeKeys(
  { bytes, cuts, last }: Sorted,
  { order, keys }: SortMemory,
  { start, end }: Part,
  begin: number,
): boolean {
  let isSorted = true;
  let before = 0;
  for (let at = start; at < end; at += 1) {
    const item = order[at] as number;
    const from = (cuts[item * 3] as number) + begin;
    const left = (cuts[item * 3 + last] as number) - from;
    let key = left > 0 ? (bytes[from] as number) << 24 : 0;
    if (left > 1) key |= (bytes[from + 1] as number) << 16;
    if (left > 2) key |= (bytes[from + 2] as number) << 8;
    if (left > 3) key |= bytes[from + 3] as number;
    key >>>= 0;
    keys[item] = key;
    isSorted &&= key >= before;
    before = key;
  }
  return isSorted;
}

/** Where the names are known to be equal before `from`. */
function compareItems({ bytes, cuts, last, byValue }: Sorted, a: number, b: number, from: number): number {
  const endA = cuts[a * 3 + last] as number;
  const endB = cuts[b * 3 + last] as number;
  const byName = compareBytes(bytes, cuts[a * 3] as number, endA, cuts[b * 3] as number, endB, from);
  if (byName !== 0 || !byValue) return byName;
  return compareBytes(bytes, endA + 1, cuts[a * 3 + 2] as number, endB + 1, cuts[b * 3 + 2] as number, 0);
}

/** Two parts of the bytes, which are equal before `from`; one that ends before it begins is empty. */
function compareBytes(bytes: Buffer, a: number, endA: number, b: number, endB: number, from: number): number {
  const lengthA = Math.max(0, endA - a);
  const lengthB = Math.max(0, endB - b);
  const length = Math.min(lengthA, lengthB);
  const far = from + NEAR;
  for (let at = from; at < length; at += 1) {
    if (at === far) return bytes.compare(bytes, b + at, endB, a + at, endA);
    const difference = (bytes[a + at] as number) - (bytes[b + at] as number);
    if (difference !== 0) return difference;
  }
  return lengthA - lengthB;
}
