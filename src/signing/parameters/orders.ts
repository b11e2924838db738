import { isUtf8 } from "node:buffer";
import type { Items } from "./items.ts";
import { type ItemOrder, sortItems } from "./sortItems.ts";

/**
 * How clients order parameters before they sign them. Beside the orders of bytes: "utf16" by UTF-16 units of the names, as JavaScript and
 * Java compare text, where an emoji comes before U+FF5E; "number" as PHP's ksort compares keys of an array, as numbers where both names
 * are integers, else as bytes. Both sort the values of a repeated name by bytes.
 */
export type Order = ItemOrder | "utf16" | "number";

/** The numbers of the items in an order; equal ones in the order sent. Good until the next call. */
export function ordered(items: Items, order: Order): Int32Array {
  if (order === "utf16") return sortsAsUtf16(items) ? sortItems(items, "name") : byUtf16(items);
  if (order === "number") return hasNumericName(items) ? byNumber(items) : sortItems(items, "name");
  return sortItems(items, order);
}

function byUtf16(items: Items): Int32Array {
  return sortedBy(items, (start, end) => items.bytes.toString("utf8", start, end), compare);
}

function byNumber(items: Items): Int32Array {
  return sortedBy(items, (start, end) => keyOf(items.bytes.toString("latin1", start, end)), compareKeys);
}

/** Whether UTF-16 units of the names sort as their bytes do: all is UTF-8, and every character is below U+E000. */
function sortsAsUtf16({ bytes, cuts, count, length }: Items): boolean {
  if (!isUtf8(bytes.subarray(0, length))) return false;
  for (let cut = 0; cut < count * 3; cut += 3) {
    const start = cuts[cut] as number;
    // The whole is UTF-8, but the item is not.
    if (((bytes[start] as number) & 0xc0) === 0x80) return false;
    for (let at = start; at < (cuts[cut + 1] as number); at += 1)
      if ((bytes[at] as number) >= 0xee) return false;
  }
  return true;
}

/** Whether some name may be an integer: it has nothing but digits and minus signs. */
function hasNumericName({ bytes, cuts, count }: Items): boolean {
  for (let cut = 0; cut < count * 3; cut += 3) {
    const end = cuts[cut + 1] as number;
    let at = cuts[cut] as number;
    while (at < end && isDigitOrMinus(bytes[at] as number)) at += 1;
    if (at === end) return true;
  }
  return false;
}

function isDigitOrMinus(byte: number): boolean {
  return (byte >= 0x30 && byte <= 0x39) || byte === 0x2d;
}

/** Sorts by a key of the name, which is made once for each; what has equal keys is in the order of bytes. */
function sortedBy<K>(
  items: Items,
  key: (start: number, end: number) => K,
  order: (a: K, b: K) => number,
): Int32Array {
  const { cuts, count } = items;
  const keyed = Array.from(sortItems(items, "name").subarray(0, count), (item) => ({
    item,
    key: key(cuts[item * 3] as number, cuts[item * 3 + 1] as number),
  }));
  return Int32Array.from(
    keyed.sort((a, b) => order(a.key, b.key)),
    ({ item }) => item,
  );
}

interface Key {
  readonly name: string;
  readonly number: number | undefined;
}

function keyOf(name: string): Key {
  return { name, number: /^-?(0|[1-9][0-9]{0,17})$/.test(name) ? Number(name) : undefined };
}

function compareKeys(a: Key, b: Key): number {
  return a.number !== undefined && b.number !== undefined ? a.number - b.number : compare(a.name, b.name);
}

function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
