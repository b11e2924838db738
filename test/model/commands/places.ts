import fc from "fast-check";
import type { Names } from "../names.ts";
import type { Until } from "../session.ts";
import type { Act } from "./act.ts";

export type Acts = fc.Arbitrary<Act>;

/** Where an object is: the team, and the name. It is the same in every run; only what it is called on a cluster differs. */
export type Place = readonly [team: 0 | 1, name: string];

export function textOf([team, name]: Place): string {
  return `${"ab"[team]}/${name}`;
}

export function placed({ namespaces }: Names, [team, name]: Place) {
  return { namespace: namespaces[team], name };
}

export const until: fc.Arbitrary<Until> = fc.oneof(
  { weight: 4, arbitrary: fc.constant<Until>("rest") },
  { weight: 2, arbitrary: fc.constant<Until>("confirmed") },
  { weight: 2, arbitrary: fc.constant<Until>("begun") },
);

export const rarely: fc.Arbitrary<boolean> = fc.integer({ min: 0, max: 3 }).map((drawn) => drawn === 3);
export const tier = fc.constantFrom("gold", "plain");

/** Which of a run's hosts. */
export const hosts = fc.constantFrom<readonly ("exact" | "wildcard")[]>(
  ["exact"],
  ["wildcard"],
  ["exact", "wildcard"],
);
