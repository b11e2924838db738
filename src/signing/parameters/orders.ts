import type { Parameter } from "./parameters.ts";
import { compare, sortByName } from "./sortByName.ts";

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
