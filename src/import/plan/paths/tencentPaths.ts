import type { WrittenPath } from "../objects.ts";
import { coverOf, readVendorPath } from "./tencentNotation.ts";
import { type PathPattern, pathProblem, type VendorPath, type WrittenPaths } from "./vendorPath.ts";

/** Translates a path in the vendor's notation. Every path that it returns is valid in an ApiGrant. */
export function tencentPaths(text: string, isNarrow: boolean): WrittenPaths {
  const vendorPath = readVendorPath(text);
  const pattern = patternOf(vendorPath, isNarrow);
  if (pattern) {
    const cover = coverOf(pattern.text).map((one) => written(readVendorPath(one), isNarrow));
    return { vendorPath, pattern, paths: cover.filter((one) => pathProblem(one) === undefined) };
  }
  if (vendorPath.kind === "impossible") return { vendorPath, pattern, paths: [] };
  const path = written(vendorPath, isNarrow);
  const why = pathProblem(path);
  if (why === undefined) return { vendorPath, pattern, paths: [path] };
  return { vendorPath: { kind: "impossible", text, why }, pattern, paths: [] };
}

/** A regular expression, and for Template a variable that is part of a segment. */
function patternOf(path: VendorPath, isNarrow: boolean): PathPattern | undefined {
  if (path.kind === "pattern") return path;
  if (path.kind !== "template" || path.isWhole || !isNarrow) return undefined;
  return {
    text: path.value,
    why: "has a variable that is only part of a segment, which a Template cannot have",
  };
}

const MARKS = { exact: "=", prefix: "^~", template: "", plain: "" } as const;
const NARROW = { exact: "Exact", prefix: "PathPrefix", template: "Template", plain: "PathPrefix" } as const;

function written(path: VendorPath, isNarrow: boolean): WrittenPath {
  if (path.kind === "pattern" || path.kind === "impossible") return { type: "Exact", value: path.text };
  if (isNarrow) return { type: NARROW[path.kind], value: path.value };
  return { type: "TencentPath", value: `${MARKS[path.kind]}${path.value}` };
}
