import type { ParameterSetting } from "../../api/vocabulary.ts";
import { Items } from "./items.ts";
import type { Order } from "./orders.ts";
import { itemsOf, type Parameter, parametersOf, sentItems } from "./parameters.ts";
import { type EmptyValue, sortedText } from "./sortedText.ts";

/** A query or a form in both readings, each made once and only when a form asks for it. */
export class ParameterText {
  readonly text: string;
  readonly #setting: ParameterSetting;
  #sent: readonly Parameter[] | undefined;
  #count: number | undefined;
  #decoded: { readonly safe: readonly Parameter[] | undefined } | undefined;

  constructor(text: string, setting: ParameterSetting) {
    this.text = text;
    this.#setting = setting;
  }

  /** Its items, whatever the setting. */
  get items(): readonly Parameter[] {
    this.#sent ??= parametersOf(sentItems(this.text));
    return this.#sent;
  }

  /** Whether there are no items. */
  get isEmpty(): boolean {
    return /^&*$/.test(this.text);
  }

  /** How many items there are. */
  get count(): number {
    this.#count ??= sentItems(this.text).count;
    return this.#count;
  }

  /** The parameters as they were sent; undefined where the setting is that callers sign them decoded. */
  get sent(): readonly Parameter[] | undefined {
    return this.#setting === "Decoded" ? undefined : this.items;
  }

  /** The parameters decoded; undefined where the setting forbids it, or where they would be those of another request too. */
  get decoded(): readonly Parameter[] | undefined {
    this.#decoded ??= { safe: this.#decode() };
    return this.#decoded.safe;
  }

  #decode(): readonly Parameter[] | undefined {
    if (!/[%+]/.test(this.text)) return this.items;
    if (this.#setting === "AsSent") return undefined;
    const items = new Items(this.text.length);
    return items.addDecoded(this.text) && isSafe(items, this.#setting) ? parametersOf(items) : undefined;
  }

  /** How a text is read whose items may be signed in any reading: as sent, where the setting admits that. */
  get reading(): Reading {
    return this.#setting === "Decoded" ? "decoded" : "sent";
  }

  /** The parameters, read, ordered and joined so; undefined where they may not be read so, or nothing is selected. */
  written(how: Omit<Writing, "form">, select?: Select): string | undefined {
    return this.writtenWith(NOTHING, { ...how, form: "sent" }, select);
  }

  /**
   * The same of this text, a query, and of a form with the same setting, as one list, each in its own reading. From bytes unless some are
   * selected: an object and two texts for each parameter take several times as long.
   */
  writtenWith(form: ParameterText, how: Writing, select?: Select): string | undefined {
    if (select) return this.#selectedWith(form, how, select);
    const items = new Items(this.text.length + form.text.length);
    if (!this.#addTo(items, how.query) || !form.#addTo(items, how.form)) return undefined;
    return isSafe(items, this.#setting) ? sortedText(items, how.order, how.emptyValue) : undefined;
  }

  #selectedWith(form: ParameterText, how: Writing, select: Select): string | undefined {
    const [own, others] = [this[how.query], form[how.form]];
    const selected = own && others && select(own, others);
    return selected && sortedText(itemsOf(selected), how.order, how.emptyValue);
  }

  #addTo(items: Items, reading: Reading): boolean {
    if (reading === "decoded") return items.addDecoded(this.text);
    if (this.#setting !== "Decoded") items.addSent(this.text);
    return this.#setting !== "Decoded";
  }
}

/** How a text is read. */
export type Reading = "sent" | "decoded";

/** How a query and a form are read, ordered and joined. */
export interface Writing {
  readonly query: Reading;
  readonly form: Reading;
  readonly order: Order;
  readonly emptyValue: EmptyValue;
}

/** The parameters that a client signs of those of query and form; undefined where that would change nothing. */
export type Select = (
  query: readonly Parameter[],
  form: readonly Parameter[],
) => readonly Parameter[] | undefined;

const NOTHING = new ParameterText("", "Auto");

/** Whether items may be signed decoded: under this setting no other request would have the same. */
function isSafe({ hasEscapes, hidesDelimiter, readsAsEncoded }: Items, setting: ParameterSetting): boolean {
  if (!hasEscapes) return true;
  if (setting === "AsSent" || hidesDelimiter) return false;
  return setting !== "Auto" || !readsAsEncoded;
}
