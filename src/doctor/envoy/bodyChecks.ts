import { field, number } from "../../base/json.ts";
import { error, type Finding, judge } from "../finding.ts";
import type { AuthzFilter, EnvoySnapshot, Expected } from "./envoySnapshot.ts";

const WHOLE =
  "with_request_body: {max_request_bytes: 16777216, allow_partial_message: false, pack_as_bytes: true}";

/** Checks whether bodies reach the verifier whole, byte for byte, and within the size that it accepts. */
export function bodyIsForwarded(
  { where, filter }: AuthzFilter,
  _: EnvoySnapshot,
  { maxRequestBytes }: Expected,
): readonly Finding[] {
  const settings = field(filter.config, "with_request_body");
  if (settings === undefined)
    return [judge("body-not-forwarded", where, "with_request_body is not set", error(WHOLE))];
  const isPartial = field(settings, "allow_partial_message") === true;
  const isBytes = field(settings, "pack_as_bytes") === true;
  return [
    judge("body-not-forwarded", where, "with_request_body is set"),
    judge(
      "body-truncated",
      where,
      `allow_partial_message: ${isPartial}`,
      isPartial && error("with_request_body: {allow_partial_message: false}"),
    ),
    judge(
      "body-sanitised",
      where,
      `pack_as_bytes: ${isBytes}`,
      !isBytes && error("with_request_body: {pack_as_bytes: true}"),
    ),
    ...(maxRequestBytes === undefined ? [] : [limitFits(where, settings, maxRequestBytes)]),
  ];
}

/** Envoy replies with 413 above its own limit. A body above the verifier's limit would get a denial that is hard to explain. */
function limitFits(where: string, settings: unknown, ours: number): Finding {
  const theirs = number(field(settings, "max_request_bytes")) ?? 0;
  return judge(
    "body-limit",
    where,
    `max_request_bytes: ${theirs}, the verifier accepts ${ours}`,
    theirs > ours &&
      error(
        `with_request_body: {max_request_bytes: ${ours}}, or --max-request-bytes ${theirs} at the verifier`,
      ),
  );
}
