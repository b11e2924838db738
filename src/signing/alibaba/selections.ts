import type { OpenVariant } from "../../api/vocabulary.ts";
import type { Parameter } from "../parameters/parameters.ts";
import type { Select } from "../parameters/parameterText.ts";
import { firstOfEachName, hasRepeatedName } from "../parameters/repeatedNames.ts";

/** What a client signs of the values of a repeated name. */
export interface Selection {
  readonly variants: readonly OpenVariant[];
  /** Distinguishes it in the name of a variant. */
  readonly label: string;
  /** The one that signs every value has none. */
  readonly apply?: Select;
}

/** The first signs every value; the others are the ways of published clients, each of which leaves something open. */
export const SELECTIONS: readonly Selection[] = [
  { variants: [], label: "" },
  {
    variants: ["RepeatedNames"], // PyPI: the form's before the query's
    label: "+first-value",
    apply: (query, form) => repeating(query, form) && firstOfEachName([...form, ...query]),
  },
  {
    variants: ["JoinedValues"], // npm: an array turns to text with commas
    label: "+joined-values",
    apply: (query, form) => {
      if (!repeating(query, form)) return undefined;
      const all = [...joined(query), ...joined(form)];
      return hasRepeatedName(all) ? undefined : all;
    },
  },
  {
    variants: ["JoinedValues", "RepeatedNames"], // npm: the form's values replace the query's
    label: "+joined-values+first-value",
    apply: (query, form) => repeating(query, form) && firstOfEachName([...joined(form), ...joined(query)]),
  },
];

/** Undefined unless a name is repeated. */
function repeating(query: readonly Parameter[], form: readonly Parameter[]): true | undefined {
  return hasRepeatedName([...query, ...form]) || undefined;
}

/** Values of a repeated name in the order sent, joined by commas. */
function joined(parameters: readonly Parameter[]): readonly Parameter[] {
  const found = new Map<string, Parameter>();
  for (const one of parameters) {
    const before = found.get(one.name);
    found.set(one.name, before ? { ...one, value: `${before.value},${one.value}` } : one);
  }
  return [...found.values()];
}
