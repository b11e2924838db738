import type { Parameter } from "./parameters.ts";

/** Whether two parameters have one name. */
export function hasRepeatedName(parameters: readonly Parameter[]): boolean {
  return new Set(parameters.map(({ name }) => name)).size < parameters.length;
}

/** The first parameter of each name, in the order of these. */
export function firstOfEachName(parameters: readonly Parameter[]): readonly Parameter[] {
  const found = new Map<string, Parameter>();
  for (const one of parameters) if (!found.has(one.name)) found.set(one.name, one);
  return [...found.values()];
}
