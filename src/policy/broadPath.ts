import { parseTencentPath } from "../api/tencentPath.ts";
import type { GrantedPath } from "../projection/documents.ts";

/**
 * What a path admits besides whole segments, as a sentence without its end: of a TencentPath that is a prefix by characters,
 * or that has variables, which span segments. Undefined for every other path.
 */
export function breadthOf({ type, value }: GrantedPath): string | undefined {
  const path = type === "TencentPath" ? parseTencentPath(value) : undefined;
  if (path === undefined || path.kind === "exact") return undefined;
  if (path.kind === "variables") {
    const [first = "", ...rest] = path.literals;
    return `${value} has variables that span segments, and also admits ${first}a/b${rest.join("a")}`;
  }
  if (path.text === "/") return `${value} admits every path`;
  return path.text.endsWith("/")
    ? `${value} admits every path that begins with ${path.text}`
    : `${value} matches by characters, and also admits ${path.text}-x and ${path.text}-x/y`;
}
