import { canonicalPath } from "../../api/path.ts";
import { parseTencentPath, type TencentPath } from "../../api/tencentPath.ts";
import type { GrantedPath } from "../../projection/documents.ts";

/** One step of a pattern: a character of a path (an escape is one), or a variable. */
type Part =
  | { readonly kind: "text"; readonly token: string }
  /** One or more characters other than `/`. */
  | { readonly kind: "segment" }
  /** One or more characters. */
  | { readonly kind: "any" };

/** A set of paths: those that begin with the parts followed by the tail. */
export interface Pattern {
  readonly parts: readonly Part[];
  /** Nothing; nothing or `/` and anything; anything. */
  readonly tail: "end" | "segments" | "any";
}

/** A path of a grant as callers send it: with the prefix of its environment ("" for `/`). */
export function withPrefix({ type, value }: GrantedPath, prefix: string): GrantedPath {
  const isWhole = type === "PathPrefix" && value === "/" && prefix !== "";
  const [mark = ""] = type === "TencentPath" ? (/^(?:=|\^~)/.exec(value) ?? []) : [];
  return { type, value: isWhole ? prefix : mark + prefix + value.slice(mark.length) };
}

/** The paths that a granted path matches. */
export function patternOf({ type, value }: GrantedPath): Pattern {
  switch (type) {
    case "Exact":
      return exactPattern(canonicalPath(value));
    case "PathPrefix":
      return prefixPattern(canonicalPath(value.replace(/\/$/, "")));
    case "Template":
      return { parts: value.split("/").slice(1).flatMap(segment), tail: "end" };
    case "TencentPath":
      return tencentPattern(parseTencentPath(value));
  }
}

function tencentPattern(path: TencentPath): Pattern {
  if (path.kind === "exact") return exactPattern(path.text);
  if (path.kind !== "variables") return { parts: texts(path.text), tail: "any" };
  const [first = "", ...rest] = path.literals;
  const parts = rest.flatMap((literal) => [{ kind: "any" } as const, ...texts(literal)]);
  return { parts: [...texts(first), ...parts], tail: "end" };
}

/** A path, and everything below it by whole segments. */
export function prefixPattern(path: string): Pattern {
  return { parts: texts(path), tail: "segments" };
}

/** One path alone. */
export function exactPattern(path: string): Pattern {
  return { parts: texts(path), tail: "end" };
}

/** Equal texts: equal patterns. */
export function textOf({ parts, tail }: Pattern): string {
  return `${tail} ${parts.map((part) => (part.kind === "text" ? part.token : `{${part.kind}}`)).join("")}`;
}

/** The characters of a path; an escape such as `%C3` is one. */
function tokensOf(path: string): readonly string[] {
  return path.match(/%[0-9A-F]{2}|[\s\S]/g) ?? [];
}

function texts(path: string): readonly Part[] {
  return tokensOf(path).map((token) => ({ kind: "text", token }));
}

function segment(text: string): readonly Part[] {
  return [
    ...texts("/"),
    ...(text.startsWith("{") ? [{ kind: "segment" } as const] : texts(canonicalPath(text))),
  ];
}
