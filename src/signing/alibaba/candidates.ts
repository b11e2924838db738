import type { OpenVariant } from "../../api/vocabulary.ts";
import { md5Of } from "../bodyMd5.ts";
import type { Candidate } from "../model.ts";
import type { CallerSettings } from "../nearMiss.ts";
import { ParameterText } from "../parameters/parameterText.ts";
import { documentedText } from "../parameters/sortedText.ts";
import { join, mayLeaveBody, md5Field, type Parts } from "./parts.ts";
import { type AlibabaVariant, VARIANTS, writeTarget } from "./variants.ts";

/** A string to sign of this scheme. */
export interface AlibabaCandidate extends Candidate {
  readonly variant: AlibabaVariant;
}

/** Of the strings behind the second no more bytes than these are written and hashed. */
const MAX_BYTES = 8 * 1024 * 1024;

/** Writes strings to sign of one request under one Application's settings. */
export class StringWriter {
  readonly #parts: Parts;
  readonly #open: readonly OpenVariant[];
  readonly #query: ParameterText;
  readonly #form: ParameterText;
  readonly #md5: string | undefined;

  constructor(parts: Parts, { parameters, openVariants }: CallerSettings) {
    this.#parts = parts;
    this.#open = openVariants;
    this.#query = new ParameterText(parts.query, parameters);
    this.#form = new ParameterText(parts.form, parameters);
    this.#md5 = md5Field(parts);
  }

  /** The one string of a variant; undefined where it does not apply to the request, or the settings do not allow it. */
  stringOf(variant: AlibabaVariant): string | undefined {
    for (const open of variant.openVariants) if (!this.#open.includes(open)) return undefined;
    if (variant.isBodyLeft && !mayLeaveBody(this.#parts)) return undefined;
    const md5 = variant.isBodyLeft ? "" : this.#md5;
    const lines = variant.areLinesAsListed ? this.#parts.listedLines : this.#parts.headerLines;
    if (md5 === undefined || lines === undefined) return undefined;
    const target = writeTarget(variant, this.#parts.path, this.#query, this.#form);
    return target === undefined ? undefined : join(this.#parts, md5, target, lines);
  }

  /** The strings to try, each once. Lazy: a string is written only when those before it did not match. */
  *candidates(likely?: readonly AlibabaVariant[]): Generator<AlibabaCandidate> {
    const tried = new Set<string>();
    let bytes = 0;
    for (const variant of likely ?? VARIANTS) {
      const stringToSign = this.stringOf(variant);
      if (stringToSign === undefined || tried.has(stringToSign)) continue;
      bytes += tried.size < 2 ? 0 : stringToSign.length;
      if (bytes > MAX_BYTES) return;
      tried.add(stringToSign);
      yield { variant, stringToSign };
    }
  }
}

/** The documented string, for an error: without a guard, since nothing is decided by it. */
export function documentedString(parts: Parts): string {
  const md5 = parts.sentMd5 || (mayLeaveBody(parts) ? md5Of(parts.body)[1] : "");
  return join(parts, md5, parts.path + documentedText(parts.query, parts.form, "name-alone"));
}
