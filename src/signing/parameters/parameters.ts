import { Items } from "./items.ts";

/** One `name=value` of a query or a form, as byte strings. */
export interface Parameter {
  readonly name: string;
  readonly value: string;
  /** Whether it came with its `=`: `a=` and `a` are one parameter to most, but clients differ in how they sign it. */
  readonly hasEquals: boolean;
}

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

/** Parameters as items. None may have an `&`, or an `=` in its name: parameters that decoding would give one are not read at all. */
export function itemsOf(parameters: readonly Parameter[]): Items {
  return sentItems(parameters.map(itemOf).join("&"));
}

function itemOf({ name, value, hasEquals }: Parameter): string {
  return hasEquals || value !== "" ? `${name}=${value}` : name;
}

/** The items of a text, as they were sent. */
export function sentItems(text: string): Items {
  const items = new Items(text.length);
  items.addSent(text);
  return items;
}
