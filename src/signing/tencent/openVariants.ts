import type { OpenVariant } from "../../api/vocabulary.ts";
import type { Parameter } from "../parameters/parameters.ts";
import type { ParameterText, Select } from "../parameters/parameterText.ts";
import { firstOfEachName, hasRepeatedName } from "../parameters/repeatedNames.ts";
import type { Parts } from "./parts.ts";

/** A way in which a client thins out its parameters before it signs them. */
export interface ParameterSelection {
  readonly variants: readonly OpenVariant[];
  /** Distinguishes it, in the name of a form, from others of the same variants. */
  readonly label: string;
  /** The one that signs everything has none. */
  readonly apply?: Select;
}

/** Everything signed: the query's parameters, then the form's. */
const ALL: ParameterSelection = { variants: [], label: "" };

const SELECTIONS: readonly ParameterSelection[] = [
  {
    variants: ["RepeatedNames"], // Go: url.Values.Get
    label: "+first-value",
    apply: (query, form) => firstOfEachName([...query, ...form]),
  },
  {
    variants: ["RepeatedNames"], // PHP and Java: a later one overwrites the one before, the form's the query's
    label: "+last-value",
    apply: (query, form) => firstOfEachName([...query, ...form].reverse()),
  },
  {
    variants: ["RepeatedNames"], // as Go's Request.Form: the form's stand before the query's
    label: "+first-value-form-before-query",
    apply: (query, form) => firstOfEachName([...form, ...query]),
  },
  {
    variants: ["JoinedValues"], // JavaScript: an array turns to text with commas
    label: "+joined-values",
    apply: (query, form) => joined([...query, ...form]),
  },
];

/** The selections to try on these parameters beside signing all of them: only the named ones, and only where they change anything. */
export function selections(
  named: ReadonlySet<OpenVariant>,
  query: ParameterText,
  form: ParameterText,
): readonly ParameterSelection[] {
  if (named.size === 0) return [ALL];
  const parameters = [...query.items, ...form.items];
  const repeats = hasRepeatedName(parameters);
  const open = repeats ? SELECTIONS.filter(({ variants }) => variants.every((name) => named.has(name))) : [];
  const some = [ALL, ...open];
  const hasZero = named.has("ZeroIsEmpty") && parameters.some(({ value }) => value === "0");
  return hasZero ? [...some, ...some.map(withoutZeros)] : some;
}

/** PHP's empty() takes the text "0" as empty, so the bare name is signed. */
function withoutZeros({ variants, label, apply = everything }: ParameterSelection): ParameterSelection {
  return {
    variants: [...variants, "ZeroIsEmpty"],
    label: `${label}+zero-is-empty`,
    apply: (query, form) =>
      apply(query, form)?.map((one) => (one.value === "0" ? { ...one, value: "" } : one)),
  };
}

function everything(query: readonly Parameter[], form: readonly Parameter[]): readonly Parameter[] {
  return [...query, ...form];
}

/** Values of a repeated name in the order sent, joined by commas. */
function joined(parameters: readonly Parameter[]): readonly Parameter[] {
  const found = new Map<string, Parameter>();
  for (const one of parameters) {
    const before = found.get(one.name);
    const value = before ? `${before.value},${one.value}` : one.value;
    found.set(one.name, { ...one, value, hasEquals: one.hasEquals || (before?.hasEquals ?? false) });
  }
  return [...found.values()];
}

/**
 * Whether the body of such a request may stay unsigned, and under which variant: the newest JavaScript demo does not sign
 * the form of a POST, Go's does not sign the body of other methods.
 */
export function unsignedBody(
  named: ReadonlySet<OpenVariant>,
  method: string,
  { isFormBody, body, sentMd5 }: Parts,
): OpenVariant | undefined {
  if (body.length === 0 || (sentMd5 !== "" && !isFormBody)) return undefined;
  if (method === "POST") return isFormBody && named.has("FormNotSigned") ? "FormNotSigned" : undefined;
  const open = ["GET", "PUT", "PATCH", "DELETE"].includes(method) && named.has("BodyNotSigned");
  return open ? "BodyNotSigned" : undefined;
}
