import { canonicalPath, decodedPath, isGrantPath } from "../path.ts";
import { isRatcheted, type Problem } from "./problem.ts";

const PLACE = /^spec\.apis\[(\d+)\]\.paths\[(\d+)\]\.value$/;

interface Path {
  readonly type: string;
  readonly value: string;
}

interface GrantShape {
  readonly spec: { readonly apis: readonly { readonly paths?: readonly Path[] }[] };
}

/**
 * Adds the exact value to write where a path of a grant is only spelt in another way, such as `/café`. CEL cannot compute
 * it, so on a cluster the sentence ends without it. `object` has passed the structural half of the schema.
 */
export function withExactPath(problem: Problem, object: unknown): Problem {
  const [, api, path] = PLACE.exec(problem.field) ?? [];
  // A pattern spelt right would still be none.
  if (api === undefined || path === undefined || isRatcheted(problem)) return problem;
  const exact = exactPath((object as GrantShape).spec.apis[Number(api)]?.paths?.[Number(path)]);
  return exact === undefined ? problem : { ...problem, message: `${problem.message}; write ${exact}` };
}

/** What keeps its characters: a mark of the vendor's notation, and variables. */
const MARK = /^(?:=|\^~)(?=\/)/;
const VARIABLE = /([{][A-Za-z_][A-Za-z0-9_-]*[}])/;

/** Undefined where the value is spelt right, or is a pattern, or no spelling would be right. An escaped slash is no slash. */
function exactPath({ type, value }: Path = { type: "", value: "" }): string | undefined {
  const mark = (type === "TencentPath" && MARK.exec(value)?.[0]) || "";
  const path = value.slice(mark.length);
  if (/%2f|[*<>[\]^|]/i.test(path)) return undefined;
  const parts = path.split(VARIABLE);
  const exact = parts.map((part, at) => (at % 2 === 1 ? part : canonicalPath(decodedPath(part)))).join("");
  return exact !== path && isGrantPath(exact) ? mark + exact : undefined;
}
