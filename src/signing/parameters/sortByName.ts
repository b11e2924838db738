import type { Parameter } from "./parameters.ts";

/** Below this many a comparison of each two costs less than the keys; parameters. */
const FEW = 32;
/** So many bytes of a name, and the number of its parameter, fit into a number without loss. */
const KEY_BYTES = 4;
const MAX_COUNT = 2 ** 20;
/** Names that begin alike are told apart by further bytes so often; what is left then is compared text by text. */
const MAX_DEPTH = 4;

/**
 * Byte strings by their bytes: the parameters by name, then by value, in a new list. To compare texts two by two is the dearest part of
 * a request with a thousand parameters, which an attacker may send. So names get keys of their first bytes behind what all of them
 * begin with, which are sorted as numbers, in a third of the time; only names whose keys are equal are compared further.
 */
export function sortByName(parameters: readonly Parameter[]): Parameter[] {
  return sorted(parameters, 0, 0);
}

/** All names are equal before `from`. */
function sorted(parameters: readonly Parameter[], from: number, depth: number): Parameter[] {
  const { length } = parameters;
  if (length < FEW) {
    const few = [...parameters];
    insertionSort(few, 0, length);
    return few;
  }
  if (length > MAX_COUNT || depth > MAX_DEPTH) return [...parameters].sort(compareParameters);
  const start = endOfCommonStart(parameters, from);
  const keys = new Float64Array(length);
  for (let at = 0; at < length; at += 1)
    keys[at] = firstBytes(parameters[at]?.name ?? "", start) * MAX_COUNT + at;
  keys.sort();
  return inGroups(parameters, keys, start + KEY_BYTES, depth + 1);
}

/** The parameters in the order of their keys; those of one key are sorted by the bytes behind it. */
function inGroups(
  parameters: readonly Parameter[],
  keys: Float64Array,
  from: number,
  depth: number,
): Parameter[] {
  const found = new Array<Parameter>(keys.length);
  let start = 0;
  let of = -1;
  for (let at = 0; at < keys.length; at += 1) {
    const key = keys[at] ?? 0;
    const bytes = Math.floor(key / MAX_COUNT);
    if (bytes !== of && at - start > 1) sortGroup(found, start, at, from, depth);
    if (bytes !== of) start = at;
    of = bytes;
    found[at] = parameters[key - bytes * MAX_COUNT] as Parameter;
  }
  if (keys.length - start > 1) sortGroup(found, start, keys.length, from, depth);
  return found;
}

/** Sorts a part of the list in place. */
function sortGroup(list: Parameter[], start: number, end: number, from: number, depth: number): void {
  if (end - start < FEW) insertionSort(list, start, end);
  else for (const [at, one] of sorted(list.slice(start, end), from, depth).entries()) list[start + at] = one;
}

/** Needs no function of the engine for each of many small groups. */
function insertionSort(list: Parameter[], start: number, end: number): void {
  for (let next = start + 1; next < end; next += 1) {
    const one = list[next] as Parameter;
    let at = next;
    for (; at > start && compareParameters(list[at - 1] as Parameter, one) > 0; at -= 1)
      list[at] = list[at - 1] as Parameter;
    list[at] = one;
  }
}

/** How many first characters all names share, of which the first `from` are known to be equal. */
function endOfCommonStart(parameters: readonly Parameter[], from: number): number {
  const first = parameters[0]?.name ?? "";
  let end = first.length;
  for (const { name } of parameters) {
    let at = Math.min(from, end);
    while (at < end && name.charCodeAt(at) === first.charCodeAt(at)) at += 1;
    end = at;
    if (end <= from) return Math.min(from, end);
  }
  return end;
}

/** The bytes from `start` on as a number; a byte that is missing counts as 0, so that a name and what it begins have equal keys. */
function firstBytes(name: string, start: number): number {
  let bytes = 0;
  for (let at = start; at < start + KEY_BYTES; at += 1)
    bytes = bytes * 256 + (at < name.length ? name.charCodeAt(at) : 0);
  return bytes;
}

/** By name, then by value. */
export function compareParameters(a: Parameter, b: Parameter): number {
  return a.name === b.name ? compare(a.value, b.value) : compare(a.name, b.name);
}

/** Byte strings compare by bytes. */
export function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
