import { computedMd5, isMd5Of } from "./contentMd5.ts";
import { decodeParameters, joinSorted, type Parameter, splitParameters } from "./parameters.ts";
import type { Parts } from "./parts.ts";

/** What a form needs to know beside the request. */
export interface SigningContext {
  /** The environment's prefix that the path begins with, such as `/release`; "" without one. */
  readonly environmentPrefix: string;
  /** How the Application says that its callers put parameter values into the signed string. */
  readonly parameters: "Auto" | "Decoded" | "AsSent" | "Either";
}

/** A string to sign that a client may have meant, and which form of the scheme it is. */
export interface Candidate {
  readonly form: string;
  readonly stringToSign: string;
}

/** One way to write path and parameters; undefined where its guard says that two different requests would share a string. */
interface Recipe {
  readonly form: string;
  readonly write: (parts: Parts, context: SigningContext) => string | undefined;
}

/** Ways of path and parameters in the order in which they are tried, the documented one first. */
const RECIPES: readonly Recipe[] = [{ form: "documented", write: decodedSorted }];

/** However many ways a request could be read, no more strings than these are tried. */
const MAX_CANDIDATES = 128;

/**
 * The strings to try, the documented form first, each once. Lazy: a string is built only when those before it did not
 * match. `lines` are the signed headers' lines in each order.
 */
export function* candidates(
  parts: Parts,
  lines: readonly string[],
  method: string,
  context: SigningContext,
): Generator<Candidate> {
  const tried = new Set<string>();
  for (const { form, write } of RECIPES) {
    const target = write(parts, context);
    if (target === undefined) continue;
    for (const md5 of md5Fields(parts)) {
      for (const headers of lines) {
        const stringToSign = [headers, method, parts.accept, parts.contentType, md5, target].join("\n");
        if (tried.has(stringToSign)) continue;
        tried.add(stringToSign);
        yield { form, stringToSign };
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
  const target = pathAndParameters(parts, context, decodedParameters(parts) ?? sentParameters(parts));
  const md5 =
    parts.sentMd5 || (parts.isForm || parts.body.length === 0 ? "" : (computedMd5(parts.body)[0] ?? ""));
  return [lines[0] ?? "", method, parts.accept, parts.contentType, md5, target].join("\n");
}

/**
 * What the Content-MD5 field may be. A sent header is what was signed, and it must be true; a form has none unless it
 * was sent; for any other body the gateway computes it when the caller did not send it, and callers differ in how.
 */
function md5Fields(parts: Parts): readonly string[] {
  if (parts.sentMd5 !== "") return isMd5Of(parts.sentMd5, parts.body) ? [parts.sentMd5] : [];
  if (parts.isForm || parts.body.length === 0) return [""];
  return computedMd5(parts.body);
}

/** The documented form: parameters of query and form decoded, merged, sorted by name; the environment's prefix cut. */
function decodedSorted(parts: Parts, context: SigningContext): string | undefined {
  if (context.parameters === "AsSent") return undefined;
  const decoded = decodedParameters(parts);
  if (
    !decoded ||
    decoded.some(isAmbiguous) ||
    (context.parameters === "Auto" && decoded.some(couldBeSentText))
  )
    return undefined;
  const target = pathAndParameters(parts, context, decoded);
  return parts.isForm && (parts.path.includes("&") || looksLikeTwoQueries(target)) ? undefined : target;
}

function decodedParameters(parts: Parts): readonly Parameter[] | undefined {
  return decodeParameters(sentParameters(parts));
}

function sentParameters(parts: Parts): readonly Parameter[] {
  return [...splitParameters(parts.query ?? ""), ...splitParameters(parts.form)];
}

function pathAndParameters(parts: Parts, context: SigningContext, parameters: readonly Parameter[]): string {
  const path = parts.path.slice(context.environmentPrefix.length) || "/";
  return parameters.length === 0 ? path : `${path}?${joinSorted(parameters)}`;
}

/** A delimiter that decoding brought: the string would also be that of a request with other parameters. */
function isAmbiguous({ name, value }: Parameter): boolean {
  return /[=&]/.test(name) || value.includes("&");
}

/** Where both readings are accepted, decoded text that itself reads as encoded would let a caller's `%20` verify a `%2520`. */
function couldBeSentText({ name, value }: Parameter): boolean {
  return /\+|%[0-9A-Fa-f]{2}/.test(name) || /\+|%[0-9A-Fa-f]{2}/.test(value);
}

/** A second `?` behind which every item has `=`: a client that signs `path?query?form` would have made the same string. */
function looksLikeTwoQueries(target: string): boolean {
  const text = target.slice(target.indexOf("?") + 1);
  const second = text.indexOf("?");
  if (!target.includes("?") || second < 0) return false;
  return text
    .slice(second + 1)
    .split("&")
    .every((item) => item.includes("="));
}
