import type { OpenVariant } from "../api/vocabulary.ts";
import { computedMd5, md5Fields } from "./contentMd5.ts";
import { byName } from "./orders.ts";
import { bare, decodeParameters, splitParameters } from "./parameters.ts";
import type { Parts } from "./parts.ts";
import type { SigningContext } from "./signingContext.ts";
import { waysInOrder } from "./ways.ts";

/** A string to sign that a client may have meant, and which form of the scheme it is. */
export interface Candidate {
  readonly form: string;
  readonly stringToSign: string;
  /** The open variants that it needs. */
  readonly openVariants: readonly OpenVariant[];
}

/** However many ways a request could be read, no more strings than these are tried. */
export const MAX_CANDIDATES = 128;
/** Of the strings behind the second no more bytes than these are written and hashed. */
const MAX_BYTES = 8 * 1024 * 1024;

/**
 * The strings to try, the documented form first, or the remembered one, each once. Lazy: a string is built only when
 * those before it did not match. `lines` are the signed headers' lines in each order.
 */
export function* candidates(
  parts: Parts,
  lines: readonly string[],
  method: string,
  context: SigningContext,
): Generator<Candidate> {
  const tried = new Set<string>();
  const md5 = new Map<Parts, readonly string[]>();
  let bytes = 0;
  for (const { form, openVariants, parts: signed, write } of waysInOrder(parts, method, context)) {
    const target = write();
    if (target === undefined) continue;
    const fields = md5.get(signed) ?? md5Fields(signed);
    md5.set(signed, fields);
    for (const field of fields) {
      for (const headers of lines) {
        const stringToSign = [headers, method, parts.accept, parts.contentType, field, target].join("\n");
        if (tried.has(stringToSign)) continue;
        bytes += tried.size < 2 ? 0 : stringToSign.length;
        if (bytes > MAX_BYTES) return;
        tried.add(stringToSign);
        yield { form, stringToSign, openVariants };
        if (tried.size >= MAX_CANDIDATES) return;
      }
    }
  }
}

/** The documented string, for an error: without a guard, since nothing is decided by it. */
export function documentedString(
  parts: Parts,
  lines: readonly string[],
  method: string,
  context: SigningContext,
): string {
  const sent = [...splitParameters(parts.query ?? ""), ...splitParameters(parts.form)];
  const parameters = byName(decodeParameters(sent) ?? sent).map(bare);
  const path = parts.path.slice(context.environmentPrefix.length) || "/";
  const target = parameters.length === 0 ? path : `${path}?${parameters.join("&")}`;
  const needsMd5 = !parts.isForm && parts.body.length > 0;
  const md5 = parts.sentMd5 || (needsMd5 ? (computedMd5(parts.body)[0] ?? "") : "");
  return [lines[0] ?? "", method, parts.accept, parts.contentType, md5, target].join("\n");
}
