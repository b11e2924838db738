import { isUtf8 } from "node:buffer";
import type { Items } from "./items.ts";
import type { Parameter } from "./parameters.ts";
import { compare, sortByName } from "./sortByName.ts";
import type { ItemOrder } from "./sortItems.ts";

/** Puts parameters in order, in a new list. Byte strings compare by bytes; a repeated name has its values sorted. */
export type Order = (parameters: readonly Parameter[]) => Parameter[];

/** By name, then by value: the documented order. */
export const byName: Order = sortByName;

/** By the whole `name=value`, so that `a-b=2` comes before `a=1`: clients that sort a list of such texts. */
export const byPair: Order = (parameters) => sortedBy(parameters, pairOf, compare);

function pairOf({ name, value, hasEquals }: Parameter): string {
  return hasEquals ? `${name}=${value}` : name;
}

/** By UTF-16 units of the names, as JavaScript and Java compare text: an emoji comes before U+FF5E. */
export const byUtf16: Order = (parameters) =>
  parameters.some(({ name }) => /[\x80-\xff]/.test(name))
    ? sortedBy(byName(parameters), ({ name }) => Buffer.from(name, "latin1").toString("utf8"), compare)
    : byName(parameters);

/** As PHP's ksort compares keys of an array: as numbers where both names are integers, else as bytes. */
export const byNumber: Order = (parameters) => sortedBy(byName(parameters), keyOf, compareKeys);

/** The order of items as bytes that equals this one; undefined where no such order does, for these items. */
export function itemOrder(order: Order, items: Items): ItemOrder | undefined {
  if (order === byPair) return "pair";
  const isByName =
    order === byName ||
    (order === byUtf16 && sortsAsUtf16(items)) ||
    (order === byNumber && !hasNumericName(items));
  return isByName ? "name" : undefined;
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

/** Sorts by a key that is made once for each; what has equal keys keeps its order. */
function sortedBy<K>(
  parameters: readonly Parameter[],
  key: (parameter: Parameter) => K,
  order: (a: K, b: K) => number,
): Parameter[] {
  return parameters
    .map((parameter) => ({ parameter, key: key(parameter) }))
    .sort((a, b) => order(a.key, b.key))
    .map(({ parameter }) => parameter);
}

interface Key {
  readonly name: string;
  readonly number: number | undefined;
}

function keyOf({ name }: Parameter): Key {
  return { name, number: /^-?(0|[1-9][0-9]{0,17})$/.test(name) ? Number(name) : undefined };
}

function compareKeys(a: Key, b: Key): number {
  return a.number !== undefined && b.number !== undefined ? a.number - b.number : compare(a.name, b.name);
}
