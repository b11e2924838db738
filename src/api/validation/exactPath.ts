import { canonicalPath, decodedPath, isGrantPath } from "../path.ts";
import { isRatcheted, type Problem } from "./problem.ts";

const PLACE = /^spec\.apis\[(\d+)\]\.paths\[(\d+)\]\.value$/;

interface GrantShape {
  readonly spec: { readonly apis: readonly { readonly paths?: readonly { readonly value: string }[] }[] };
}

/**
 * Adds the exact value to write where a path of a grant is only spelt in another way, such as `/café`. CEL cannot compute
 * it, so on a cluster the sentence ends without it. `object` has passed the structural half of the schema.
 */
export function withExactPath(problem: Problem, object: unknown): Problem {
  const [, api, path] = PLACE.exec(problem.field) ?? [];
  // A pattern spelt right would still be none.
  if (api === undefined || path === undefined || isRatcheted(problem)) return problem;
  const value = (object as GrantShape).spec.apis[Number(api)]?.paths?.[Number(path)]?.value ?? "";
  const exact = exactPath(value);
  return exact === undefined ? problem : { ...problem, message: `${problem.message}; write ${exact}` };
}

/** Undefined where the value is spelt right, or is a pattern, or no spelling would be right. An escaped slash is no slash. */
function exactPath(value: string): string | undefined {
  if (/%2f|[*<>[\]^|]/i.test(value)) return undefined;
  const segments = decodedPath(value).split("/");
  const exact = segments.map((one) => (/^[{].*[}]$/.test(one) ? one : canonicalPath(one))).join("/");
  return exact !== value && isGrantPath(exact) ? exact : undefined;
}
