import { canonicalPath } from "../../api/path.ts";
import { parseTencentPath, type TencentPath } from "../../api/tencentPath.ts";
import {
  EXACT_RANK,
  markedRank,
  plainRank,
  segmentPrefixRank,
  TEMPLATE_RANK,
  variablesRank,
} from "../../policy/index/paths/ranks.ts";
import type { GrantedPath } from "../../projection/documents.ts";

/** The rank that verifiers give to a match of this path: of two that match one request, the smaller one (as text) decides. */
export function rankOf({ type, value }: GrantedPath): string {
  switch (type) {
    case "Exact":
      return EXACT_RANK;
    case "PathPrefix":
      return segmentPrefixRank(canonicalPath(value.replace(/\/$/, "")).length);
    case "Template":
      return `${TEMPLATE_RANK}${value
        .split("/")
        .slice(1)
        .map((segment) => (segment.startsWith("{") ? "b" : "a"))
        .join("")}`;
    case "TencentPath":
      return tencentRank(parseTencentPath(value));
  }
}

function tencentRank(path: TencentPath): string {
  switch (path.kind) {
    case "exact":
      return EXACT_RANK;
    case "marked":
      return markedRank(path.text.length);
    case "variables":
      return variablesRank(path.literals);
    case "plain":
      return plainRank(path.text.length);
  }
}
