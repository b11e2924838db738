import type { Items } from "./items.ts";
import type { Parameter } from "./parameters.ts";

/** The items as parameters, whose names and values are cut out of one text: a text of its own for each takes twice as long. */
export function parametersOf({ bytes, cuts, count, length }: Items): readonly Parameter[] {
  const text = bytes.toString("latin1", 0, length);
  const found: Parameter[] = [];
  for (let at = 0; at < count * 3; at += 3) {
    const equals = cuts[at + 1] as number;
    const end = cuts[at + 2] as number;
    const name = text.slice(cuts[at], equals);
    found.push({ name, value: text.slice(equals + 1, end), hasEquals: equals < end });
  }
  return found;
}
