import { type Fact, ORIGINS } from "../facts.ts";

/** Milliseconds of a time of the vendor's, such as `2023-03-01T00:00:01Z` or `2020-12-03 14:58:04`, which is taken as UTC. */
export function timeOf(text: string): number | undefined {
  const iso = text.trim().replace(" ", "T");
  const ms = Date.parse(/(?:Z|[+-]\d\d:?\d\d)$/.test(iso) ? iso : `${iso}Z`);
  return Number.isNaN(ms) ? undefined : ms;
}

/** Compares by code units, so that the order is the same everywhere. */
export function byText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** The more trusted origin first, then the place, so that the order of the files does not matter. */
export function byOrigin(a: Fact, b: Fact): number {
  return (
    ORIGINS.indexOf(a.origin) - ORIGINS.indexOf(b.origin) ||
    byText(a.from.file, b.from.file) ||
    byText(a.from.at, b.from.at)
  );
}

/** The facts by their id, in the order of the ids. */
export function byId<T extends { readonly id: string }>(
  facts: readonly T[],
): ReadonlyMap<string, readonly T[]> {
  return grouped(facts, ({ id }) => id);
}

/** Items by a key, in the order of the keys. */
export function grouped<T>(
  items: readonly T[],
  keyOf: (item: T) => string,
): ReadonlyMap<string, readonly T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const key = keyOf(item);
    const group = groups.get(key);
    if (group) group.push(item);
    else groups.set(key, [item]);
  }
  return new Map([...groups].sort(([a], [b]) => byText(a, b)));
}
