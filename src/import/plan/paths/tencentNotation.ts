import { canonicalPath, isGrantPath } from "../../../api/path.ts";
import type { VendorPath } from "./vendorPath.ts";

/** How the vendor distinguishes a regular expression from a plain path is not documented: any of these characters makes one. */
const REGULAR = /[*+?[\]()|^$\\]/;
const VARIABLE = /\{[^{}/]*\}/g;

/** Reads a path in the vendor's notation: `=/user`, `^~/user`, `/user/{id}`, `/user`, or a regular expression. */
export function readVendorPath(text: string): VendorPath {
  if (text.startsWith("=")) return plainOf("exact", text.slice(1).trim(), text);
  if (text.startsWith("^~")) return plainOf("prefix", text.slice(2).trim(), text);
  if (REGULAR.test(text.replaceAll(VARIABLE, "")))
    return { kind: "pattern", text, why: "is a regular expression" };
  return text.includes("{") ? templateOf(text) : plainOf("plain", text, text);
}

function plainOf(kind: "exact" | "prefix" | "plain", path: string, text: string): VendorPath {
  const value = canonicalPath(path);
  return isGrantPath(value) && !/[{}]/.test(path) ? { kind, value } : impossible(text);
}

function templateOf(text: string): VendorPath {
  if (/\}\{/.test(text))
    return { kind: "pattern", text, why: "has two variables without a character between them" };
  const rest = text.replaceAll(VARIABLE, "x");
  if (/[{}]/.test(rest) || !isGrantPath(canonicalPath(rest))) return impossible(text);
  const isWhole = text.split("/").every((one) => !one.includes("{") || /^\{[^{}]*\}$/.test(one));
  const literals = text.split(VARIABLE).map(canonicalPath);
  const names = (text.match(VARIABLE) ?? []).map(variableName);
  const value = literals.map((literal, index) => literal + (names[index] ?? "")).join("");
  return { kind: "template", value, isWhole };
}

/** `{X-NameSpace-Code}` as `{X_NameSpace_Code}`: names of variables have no effect. */
function variableName(variable: string): string {
  const name = variable.slice(1, -1).replaceAll(/[^A-Za-z0-9_]/g, "_");
  return `{${/^[A-Za-z_]/.test(name) ? "" : "_"}${name}}`;
}

function impossible(text: string): VendorPath {
  const why = "has characters or segments that no request may have here (% ; ? # \\ // . ..), or is too long";
  return { kind: "impossible", text, why };
}

/**
 * Paths with variables that match at least what a pattern can match, in the vendor's notation. A suspended grant with them
 * keeps such requests from wider paths of other APIs. Empty where the pattern does not begin with a slash.
 */
export function coverOf(pattern: string): readonly string[] {
  const text = pattern.replace(/^\^/, "").replace(/\$$/, "");
  if (!text.startsWith("/")) return [];
  const cover = isBySegments(text) ? bySegments(text, pattern.endsWith("$")) : wholeRest(text);
  return cover.filter((path) => isGrantPath(path.replace(/^=/, "").replaceAll(VARIABLE, "x")));
}

/** Whether no group, class or quantifier reaches over a slash. */
function isBySegments(text: string): boolean {
  return !/[()|]|\[[^\]]*\/|\/[*+?{]\d*|\\\//.test(text.replaceAll(VARIABLE, "x"));
}

function bySegments(text: string, isAnchored: boolean): readonly string[] {
  const segments = text.split("/").slice(1);
  const last = segments.length - 1;
  const isFree = (one: string, at: number) =>
    isVariable(one) || (at === last && !isAnchored && !text.includes("{"));
  const path = segments.map((one, at) => (isFree(one, at) ? `{v${at + 1}}` : literal(one)));
  const below = `/${path.join("/")}`;
  const end = segments[last] ?? "";
  // A last segment that may be empty, such as [0-9]*, matches the slash before it too.
  return /[*?]/.test(end)
    ? [below, `=/${path.slice(0, -1).join("/")}/`].filter((one) => !/^=.*[{}]/.test(one))
    : [below];
}

function wholeRest(text: string): readonly string[] {
  const first = text.search(/[*+?[\]()|^$\\{]/);
  const quantified = /[*+?{]/.test(text[first] ?? "") ? first - 1 : first;
  const root = text.slice(0, text.lastIndexOf("/", Math.max(quantified - 1, 0)));
  return [`${root}/{rest}`, `=${root}/`, ...(root === "" ? [] : [`=${root}`])];
}

function isVariable(segment: string): boolean {
  return /[{}]/.test(segment) || REGULAR.test(segment.replaceAll(/\\[.\-_~]/g, ""));
}

function literal(segment: string): string {
  return canonicalPath(segment.replaceAll("\\", ""));
}
