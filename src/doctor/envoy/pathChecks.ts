import { field, text } from "../../base/json.ts";
import { error, type Finding, judge, warning } from "../finding.ts";
import type { AuthzFilter } from "./envoySnapshot.ts";

/** Checks whether Envoy, the verifier and the upstream read a path, and a header's name, in the same way. */
export function pathsAreNormalised({ where, manager: { config } }: AuthzFilter): readonly Finding[] {
  const isNormalised = field(config, "normalize_path") === true;
  const isMerged = field(config, "merge_slashes") === true;
  const escaped = text(field(config, "path_with_escaped_slashes_action")) || "KEEP_UNCHANGED";
  const underscores =
    text(field(config, "common_http_protocol_options", "headers_with_underscores_action")) || "ALLOW";
  return [
    judge(
      "path-not-normalised",
      where,
      `normalize_path: ${isNormalised}`,
      !isNormalised && error("normalize_path: true, in the HttpConnectionManager"),
    ),
    judge(
      "slashes-not-merged",
      where,
      `merge_slashes: ${isMerged}`,
      !isMerged && warning("merge_slashes: true, in the HttpConnectionManager"),
    ),
    judge(
      "escaped-slashes",
      where,
      `path_with_escaped_slashes_action: ${escaped}`,
      !["REJECT_REQUEST", "UNESCAPE_AND_REDIRECT"].includes(escaped) &&
        warning("path_with_escaped_slashes_action: REJECT_REQUEST, in the HttpConnectionManager"),
    ),
    judge(
      "headers-with-underscores",
      where,
      `headers_with_underscores_action: ${underscores}`,
      !["REJECT_REQUEST", "DROP_HEADER"].includes(underscores) &&
        warning("common_http_protocol_options: {headers_with_underscores_action: REJECT_REQUEST}"),
    ),
  ];
}
