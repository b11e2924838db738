import { FORM } from "./tencent/meaning.ts";

/** A request, and which of its headers a caller signs beside those that its scheme always covers. */
export interface Whole {
  readonly method: string;
  readonly authority: string;
  readonly path: string;
  /** Undefined without a `?`. */
  readonly query: string | undefined;
  readonly accept: string;
  readonly contentType: string | undefined;
  readonly date: string | undefined;
  /** Two headers of the caller's own, `x-mark` and `x-note`. */
  readonly mark: string;
  readonly note: string;
  readonly body: string;
  readonly covered: readonly string[];
  /** When it is signed, in epoch milliseconds. */
  readonly at: number;
}

/** Numbers from 0 to below 1. */
export type Random = () => number;

export const NOW = Date.parse("2026-11-24T09:00:00Z");

const METHODS = ["GET", "POST", "PUT", "HOST", "X-NOTE"];
const AUTHORITIES = ["a.example", "b.example", "a.example:8443"];
const TYPES = [undefined, FORM, "application/json", "text/plain"];
const DATES = [undefined, undefined, "", "a", "\n", "x-date: d"];
const ITEMS = ["a", "b", "=", "&", "?", "+", "%20", "%2B", "%25", "%0A", ":", "a=1", "&b=2"];
const STEPS = ["a", "b", "r", "t", "/", "&", "=", "%61", "%3F", "%20", ":", "@path"];
const NOTES = ["a", "", " ", ":", '"', "GET", "\n", '"@method": GET', "x-date: d", "host:", "?a=1"];
/** What is between the lines of the two headers in the string to sign of a scheme. */
const BREAKS = ["\nx-note: ", "\nx-note:", '\n"x-note": '];
const COVERED = [
  ["host", "x-mark", "x-note", "accept"],
  ["host", "x-mark", "x-note", "accept"],
  ["host", "x-mark", "x-note"],
  ["host", "x-mark"],
  ["x-note"],
];

type Fields = { readonly [Name in keyof Whole]: (random: Random) => Whole[Name] };

const FIELDS: Fields = {
  method: oneOf(METHODS),
  authority: oneOf(AUTHORITIES),
  path: (random) => `/${joined(STEPS, 3, random)}`,
  query: (random) => (random() < 0.25 ? undefined : joined(ITEMS, 3, random)),
  accept: (random) => joined(NOTES, 2, random),
  contentType: oneOf(TYPES),
  date: oneOf(DATES),
  mark: (random) => joined(random() < 0.75 ? NOTES : BREAKS, 2, random),
  note: (random) => joined(random() < 0.75 ? NOTES : BREAKS, 2, random),
  body: (random) => joined(ITEMS, 2, random),
  covered: oneOf(COVERED),
  at: (random) => NOW + (random() < 0.8 ? 0 : 1_000),
};
const NAMES = Object.keys(FIELDS) as (keyof Whole)[];

/**
 * A request with all fields random, then more of them that differ from it in one to three fields: their strings to sign are nearly
 * the same, and with such short texts some fields of one are what other fields of another are.
 */
export function family(members: number, random: Random): readonly Whole[] {
  const first = drawn(NAMES, random);
  const free = Array.from({ length: 1 + Math.floor(random() * 3) }, () => oneOf(NAMES)(random));
  return [first, ...Array.from({ length: members - 1 }, () => ({ ...first, ...drawn(free, random) }))];
}

function drawn(names: readonly (keyof Whole)[], random: Random): Whole {
  return Object.fromEntries(names.map((name) => [name, FIELDS[name](random)])) as unknown as Whole;
}

function oneOf<T>(values: readonly T[]): (random: Random) => T {
  return (random) => values[Math.floor(random() * values.length)] as T;
}

function joined(tokens: readonly string[], most: number, random: Random): string {
  return Array.from({ length: Math.floor(random() * (most + 1)) }, () => oneOf(tokens)(random)).join("");
}
