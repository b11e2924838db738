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
  if (length < FEW) return inserted(parameters);
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
  const found: Parameter[] = [];
  let group: Parameter[] = [];
  let of = -1;
  for (const key of keys) {
    const bytes = Math.floor(key / MAX_COUNT);
    if (bytes !== of) {
      append(found, group, from, depth);
      group = [];
      of = bytes;
    }
    group.push(parameters[key - bytes * MAX_COUNT] as Parameter);
  }
  append(found, group, from, depth);
  return found;
}

function append(found: Parameter[], group: readonly Parameter[], from: number, depth: number): void {
  if (group.length === 1) found.push(group[0] as Parameter);
  else for (const one of sorted(group, from, depth)) found.push(one);
}

/** Sorted by insertion, which needs no function of the engine for each of many small groups. */
function inserted(parameters: readonly Parameter[]): Parameter[] {
  const found: Parameter[] = [];
  for (const one of parameters) {
    let at = found.length;
    for (; at > 0 && compareParameters(found[at - 1] as Parameter, one) > 0; at -= 1)
      found[at] = found[at - 1] as Parameter;
    found[at] = one;
  }
  return found;
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
  return compare(a.name, b.name) || compare(a.value, b.value);
}

/** Byte strings compare by bytes. */
export function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
