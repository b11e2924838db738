import { canonicalPath } from "./path.ts";

/**
 * A path in the notation of the vendor's gateway, taken apart. Texts are in canonical spelling, without their mark.
 * - `exact`: `=/user`, the whole path.
 * - `marked`: `^~/user`, a prefix by characters that takes precedence over variables.
 * - `variables`: `/user/{id}`. `literals` are the texts before, between and after the variables, so one more than there are
 *   variables; the last one may be empty. A variable matches one or more characters, `/` included.
 * - `plain`: `/user`, a prefix by characters.
 */
export type TencentPath =
  | { readonly kind: "exact" | "marked" | "plain"; readonly text: string }
  | { readonly kind: "variables"; readonly literals: readonly string[] };

/** Regular expressions without a backslash, so that both CEL engines read them alike: a variable's name, and a whole path. */
const NAME = "[A-Za-z_][A-Za-z0-9_-]*";
export const TENCENT_VARIABLES = `^[^{}]*([{]${NAME}[}][^{}]+)*([{]${NAME}[}])?$`;

const variable = new RegExp(`[{]${NAME}[}]`);

/** Takes a path of type TencentPath apart. Total: a value that the schema rejects is a plain prefix that matches these characters. */
export function parseTencentPath(value: string): TencentPath {
  if (value.startsWith("=")) return { kind: "exact", text: canonicalPath(value.slice(1)) };
  if (value.startsWith("^~")) return { kind: "marked", text: canonicalPath(value.slice(2)) };
  const literals = value.split(variable).map(canonicalPath);
  return literals.length > 1
    ? { kind: "variables", literals }
    : { kind: "plain", text: canonicalPath(value) };
}
