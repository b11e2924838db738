import type { ParameterSetting } from "../../api/vocabulary.ts";
import { countItems, type Parameter, splitParameters } from "./parameters.ts";
import { splitDecoded } from "./splitDecoded.ts";

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
    const decoded = splitDecoded(this.text);
    if (!decoded || !MAY_BE_UNSAFE.test(this.text)) return decoded;
    if (decoded.some(hidesDelimiter)) return undefined;
    return this.#setting === "Auto" && decoded.some(readsAsEncoded) ? undefined : decoded;
  }
}

/** The escapes of `=`, `&`, `+` and `%`: a text without them has no such character after decoding. Cheaper than to look at every parameter. */
const MAY_BE_UNSAFE = /%(?:2[56B]|3D)/i;

/** A delimiter that decoding brought: the string would also be that of a request with other parameters. */
function hidesDelimiter({ name, value }: Parameter): boolean {
  return /[=&]/.test(name) || value.includes("&");
}

/** Where both readings are accepted, decoded text that itself reads as encoded would let a caller's `%20` verify a `%2520`. */
function readsAsEncoded({ name, value }: Parameter): boolean {
  return /\+|%[0-9A-Fa-f]{2}/.test(name) || /\+|%[0-9A-Fa-f]{2}/.test(value);
}
