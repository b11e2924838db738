import type { ParameterSetting } from "../../api/vocabulary.ts";
import { Items } from "./items.ts";
import { countItems, type Parameter, splitParameters } from "./parameters.ts";
import { parametersOf } from "./parametersOf.ts";
import { sortedText } from "./sortedText.ts";

/** A query or a form in both readings, each made once and only when a form asks for it. */
export class ParameterText {
  readonly text: string;
  readonly #setting: ParameterSetting;
  #sent: readonly Parameter[] | undefined;
  #decoded: { readonly safe: readonly Parameter[] | undefined } | undefined;

  constructor(text: string, setting: ParameterSetting) {
    this.text = text;
    this.#setting = setting;
  }

  /** Its items, whatever the setting. */
  get items(): readonly Parameter[] {
    this.#sent ??= splitParameters(this.text);
    return this.#sent;
  }

  /** How many items there are, counted without making them. */
  get count(): number {
    return this.#sent?.length ?? countItems(this.text);
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

  /**
   * This text and another with the same setting as one list, by name, then by value, with its `?`; "" for no parameters. Undefined where
   * one of the texts has no such reading. The same as joined(byName(…), bare) of both readings, without an object for each parameter.
   */
  sortedWith(other: ParameterText, own: Reading, others: Reading): string | undefined {
    const items = new Items(this.text.length + other.text.length);
    if (!this.#addTo(items, own) || !other.#addTo(items, others)) return undefined;
    return isSafe(items, this.#setting) ? sortedText(items) : undefined;
  }

  #addTo(items: Items, reading: Reading): boolean {
    if (reading === "decoded") return items.addDecoded(this.text);
    if (this.#setting !== "Decoded") items.addSent(this.text);
    return this.#setting !== "Decoded";
  }
}

/** How a text is read. */
export type Reading = "sent" | "decoded";

/** Whether items may be signed decoded: under this setting no other request would have the same. */
function isSafe({ hasEscapes, hidesDelimiter, readsAsEncoded }: Items, setting: ParameterSetting): boolean {
  if (!hasEscapes) return true;
  if (setting === "AsSent" || hidesDelimiter) return false;
  return setting !== "Auto" || !readsAsEncoded;
}
