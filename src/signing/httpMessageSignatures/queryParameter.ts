import type { SignedRequest } from "../model.ts";

/** More than any client has of which it signs single parameters; each is decoded and encoded again. */
const MAX_PARAMETERS = 1_000;

/** Decoded once for a request, however many of its parameters are covered, and in however many variants. */
const decoded = new WeakMap<SignedRequest, ReadonlyMap<string, readonly string[]>>();

/**
 * The values of the query parameter that the parameter `name` of `@query-param` names, each as the signature base has it; undefined
 * for a query with too many parameters.
 */
export function queryParameterValues(request: SignedRequest, name: string): readonly string[] | undefined {
  const known = decoded.get(request) ?? decodedQuery(request.path);
  if (!known) return undefined;
  decoded.set(request, known);
  return known.get(name) ?? [];
}

function decodedQuery(path: string): ReadonlyMap<string, readonly string[]> | undefined {
  const cut = path.indexOf("?");
  const query = cut < 0 ? "" : path.slice(cut + 1);
  if (query.split("&", MAX_PARAMETERS + 1).length > MAX_PARAMETERS) return undefined;
  const found = new Map<string, string[]>();
  for (const [name, value] of new URLSearchParams(Buffer.from(query, "latin1").toString("utf8"))) {
    const values = found.get(encoded(name)) ?? [];
    values.push(encoded(value));
    found.set(encoded(name), values);
  }
  return found;
}

/** As RFC 9421, section 2.2.8 asks: as in a form, but with `%20` for a blank. */
function encoded(text: string): string {
  return encodeURIComponent(text.toWellFormed()).replaceAll(/[!'()~]/g, escaped);
}

function escaped(character: string): string {
  return `%${character.charCodeAt(0).toString(16).toUpperCase()}`;
}
