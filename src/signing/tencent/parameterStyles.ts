import type { Order } from "../parameters/orders.ts";
import type { ParameterText, Reading } from "../parameters/parameterText.ts";
import type { EmptyValue } from "../parameters/sortedText.ts";
import type { ParameterSelection } from "./openVariants.ts";

/** What a recipe writes: the query and the form, thinned out as an open variant requires. */
interface Ingredients {
  /** Undefined where the path had no `?`. */
  readonly sentQuery: string | undefined;
  readonly query: ParameterText;
  readonly form: ParameterText;
  readonly selection: ParameterSelection;
}

/** One way to write parameters behind the path, with the `?` or `&` before them. */
export interface ParameterStyle {
  /** As logs, metrics and headers name it. */
  readonly name: string;
  /** How late it is tried. */
  readonly rank: number;
  /** Whether it is worth its price for a request with more than a thousand parameters. */
  readonly forMany?: true;
  /** Whether it writes anything of its own for a request without query and form. */
  readonly forNone?: true;
  /** Whether it writes `path?query?form`, which no other recipe may write. */
  readonly hasTwoQueries?: true;
  /** Undefined where it does not apply, or where another request would share its text. */
  readonly write: (of: Ingredients) => string | undefined;
}

/** All ways of clients in the field to sign every parameter, the documented one first. */
export const PARAMETER_STYLES: readonly ParameterStyle[] = [
  {
    name: "documented",
    rank: 0,
    forMany: true,
    forNone: true,
    write: merged("decoded", "decoded", "name", "bare"),
  },
  { name: "as-sent", rank: 1, forMany: true, write: merged("sent", "sent", "name", "bare") }, // Java, Python
  { name: "exact", rank: 2, forMany: true, write: exact }, // JavaScript with JSON, Go forms
  { name: "as-sent-pairs", rank: 3, write: merged("sent", "sent", "pair", "kept") }, // Python, JavaScript
  { name: "decoded-utf16", rank: 4, write: merged("decoded", "decoded", "utf16", "kept") }, // JavaScript
  { name: "as-sent-utf16", rank: 4, write: merged("sent", "sent", "utf16", "kept") }, // Java
  { name: "query-decoded", rank: 5, write: merged("decoded", "sent", "name", "bare") }, // PHP
  { name: "form-behind-ampersand", rank: 6, write: ampersand(exactForm) }, // Java of 2021, and all below
  { name: "form-behind-ampersand", rank: 6, write: ampersand(inOrder("sent", "pair", "kept")) },
  { name: "form-behind-ampersand", rank: 6, write: ampersand(inOrder("sent", "utf16", "kept")) },
  { name: "form-behind-ampersand", rank: 6, write: ampersand(inOrder("sent", "name", "bare")) },
  { name: "form-behind-ampersand", rank: 6, write: ampersand(inOrder("decoded", "name", "bare")) },
  { name: "form-behind-ampersand", rank: 6, write: ampersand(inOrder("decoded", "utf16", "kept")) },
  { name: "two-queries", rank: 7, hasTwoQueries: true, write: twoQueries(exactForm) }, // JavaScript, Go, 2021
  {
    name: "two-queries",
    rank: 7,
    hasTwoQueries: true,
    write: twoQueries(inOrder("decoded", "name", "kept")),
  },
  { name: "empty-item", rank: 8, forNone: true, write: emptyItem }, // Python, JavaScript of 2021
  { name: "numeric-order", rank: 9, write: merged("decoded", "decoded", "number", "bare") }, // PHP
  { name: "numeric-order", rank: 9, write: merged("decoded", "sent", "number", "bare") },
  { name: "numeric-order", rank: 9, write: merged("sent", "sent", "number", "bare") },
];

/** Query and form as one list. */
function merged(
  queryAs: Reading,
  formAs: Reading,
  order: Order,
  emptyValue: EmptyValue,
): ParameterStyle["write"] {
  const how = { query: queryAs, form: formAs, order, emptyValue };
  return ({ query, form, selection }) => {
    const text = query.writtenWith(form, how, selection.apply);
    if (text === undefined) return undefined;
    return query.isEmpty && form.isEmpty ? "" : `?${text}`;
  };
}

/** Query and form exactly as sent, with `&&` and in any order. */
function exact({ sentQuery, query, form, selection }: Ingredients): string | undefined {
  if (query.reading !== "sent" || selection.apply) return undefined;
  const texts = [...(sentQuery === undefined ? [] : [sentQuery]), ...(form.text === "" ? [] : [form.text])];
  return texts.length === 0 ? "" : `?${texts.join("&")}`;
}

/** `?` with nothing behind it, or with an empty item before the others. */
function emptyItem({ sentQuery, query, form, selection }: Ingredients): string | undefined {
  if (query.isEmpty && form.isEmpty) return "?";
  const text = merged(query.reading, form.reading, "pair", "kept")({ sentQuery, query, form, selection });
  return text === undefined ? undefined : `?&${text.slice(1)}`;
}

/** How a form stands behind the query that it is not merged with. */
type FormWriter = (part: ParameterText, selection: ParameterSelection) => string | undefined;

/**
 * `path?query&form`, each in an order of its own; `path&form` without a query. No caller may send the form inside the path
 * instead: a path with `&` is refused where Content-Type is a form.
 */
function ampersand(write: FormWriter): ParameterStyle["write"] {
  const writeQuery = write === exactForm ? inOrder("sent", "pair", "kept") : write;
  return ({ query, form, selection }) => {
    if (form.isEmpty) return undefined;
    const [first, second] = [writeQuery(query, selection), write(form, selection)];
    if (first === undefined || second === undefined) return undefined;
    return query.isEmpty ? `&${second}` : `?${first}&${second}`;
  };
}

/**
 * `path?query?form`, the query exactly as sent under every setting. The cut between the two must be the only one
 * possible: no caller may send the form inside the query instead.
 */
function twoQueries(write: FormWriter): ParameterStyle["write"] {
  return ({ query, form, selection }) => {
    if (query.text === "" || query.text.includes("?")) return undefined;
    const signed = write(form, selection);
    if (signed === undefined || !everyItemHasEquals(signed)) return undefined;
    return `?${query.text}?${signed}`;
  };
}

/**
 * Whether the text behind a path is what `path?query?form` would be for a request with a form: a second `?`, behind
 * which every item has its `=`.
 */
export function looksLikeTwoQueries(text: string): boolean {
  const first = text.indexOf("?");
  const second = first < 0 ? -1 : text.indexOf("?", first + 1);
  return second >= 0 && everyItemHasEquals(text.slice(second + 1));
}

function everyItemHasEquals(items: string): boolean {
  return items.split("&").every((item) => item.includes("="));
}

function exactForm(form: ParameterText, selection: ParameterSelection): string | undefined {
  return form.reading === "sent" && !selection.apply ? form.text : undefined;
}

function inOrder(reading: Reading, order: Order, emptyValue: EmptyValue): FormWriter {
  return (part, { apply }) => part.written({ query: reading, order, emptyValue }, apply);
}
