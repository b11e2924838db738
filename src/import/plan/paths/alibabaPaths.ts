import { canonicalPath, isGrantPath } from "../../../api/path.ts";
import type { WrittenPath } from "../objects.ts";
import { pathProblem, type VendorPath, type WrittenPaths } from "./vendorPath.ts";

/** A variable: `[userId]`, which is a whole segment. */
const VARIABLE = /^\[([^[\]/]+)\]$/;
/** What no segment without a variable may have. `*` counts only as the last segment. */
const SPECIAL = /[[\]{}*]/;

/**
 * Reads a path of Alibaba Cloud API Gateway: `/orders`, `/orders/[orderId]`, or `/files/*` for everything below `/files`. The last
 * one is written as a TencentPath with a variable, since PathPrefix would match `/files` itself too. Where a variable is
 * before other text in such a path, no path type is as narrow: a wider one is its cover.
 */
export function alibabaPaths(text: string): WrittenPaths {
  const segments = text.split("/").slice(1);
  const isOpen = segments.at(-1) === "*";
  const fixed = isOpen ? segments.slice(0, -1) : segments;
  if (!text.startsWith("/") || fixed.some((one) => SPECIAL.test(one) && !VARIABLE.test(one)))
    return impossible(text, "has brackets or an asterisk that are no whole segment");
  if (
    !isGrantPath(canonicalPath(fixed.map((one) => (VARIABLE.test(one) ? "/x" : `/${one}`)).join("") || "/"))
  )
    return impossible(text, "has characters or segments that no request may have here, or is too long");
  const written = fixed.map(writtenSegment);
  return isOpen ? openPaths(text, written) : wholePaths(text, written);
}

function wholePaths(text: string, segments: readonly string[]): WrittenPaths {
  const value = `/${segments.join("/")}`;
  const isTemplate = segments.some(isVariable);
  const vendorPath: VendorPath = isTemplate
    ? { kind: "template", value, isWhole: true }
    : { kind: "exact", value };
  return checked(text, vendorPath, { type: isTemplate ? "Template" : "Exact", value });
}

function openPaths(text: string, segments: readonly string[]): WrittenPaths {
  const value = `/${[...segments, "{rest}"].join("/")}`;
  const path: WrittenPath = { type: "TencentPath", value };
  const first = segments.findIndex(isVariable);
  const isExact = first < 0 || segments.slice(first).every(isVariable);
  const vendorPath: VendorPath = { kind: "template", value, isWhole: true };
  if (isExact) return checked(text, vendorPath, path);
  const why = "has a variable before other text and an asterisk at its end, which no path type can have";
  const paths = pathProblem(path) === undefined ? [path] : [];
  return { vendorPath: { kind: "pattern", text, why }, pattern: { text, why }, paths };
}

function checked(text: string, vendorPath: VendorPath, path: WrittenPath): WrittenPaths {
  const why = pathProblem(path);
  return why === undefined ? { vendorPath, pattern: undefined, paths: [path] } : impossible(text, why);
}

function impossible(text: string, why: string): WrittenPaths {
  return { vendorPath: { kind: "impossible", text, why }, pattern: undefined, paths: [] };
}

/** Names of variables have no effect here. */
function writtenSegment(segment: string): string {
  const [, name] = VARIABLE.exec(segment) ?? [];
  if (name === undefined) return canonicalPath(segment);
  const plain = name.replaceAll(/[^A-Za-z0-9_]/g, "_");
  return `{${/^[A-Za-z_]/.test(plain) ? "" : "_"}${plain}}`;
}

function isVariable(segment: string): boolean {
  return segment.startsWith("{");
}
