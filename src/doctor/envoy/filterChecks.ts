import { MUTABLE_HEADERS } from "../../api/envoy.ts";
import { field, list, number, text } from "../../base/json.ts";
import { error, type Finding, judge, warning } from "../finding.ts";
import type { AuthzFilter } from "./envoySnapshot.ts";

/** Checks that no request passes when the verifier fails. */
export function failsClosed({ where, filter }: AuthzFilter): Finding {
  const isOpen = field(filter.config, "failure_mode_allow") === true;
  return judge(
    "failure-mode-allow",
    where,
    `failure_mode_allow: ${isOpen}`,
    isOpen && error("failure_mode_allow: false"),
  );
}

/** Checks that the filter runs for every request, apart from routes that turn it off. */
export function isOn({ where, filter, manager }: AuthzFilter): Finding {
  if (filter.isDisabled && !JSON.stringify(manager.routes).includes(`"${filter.name}":`))
    return judge(
      "filter-disabled",
      where,
      "disabled: true, and no route turns it on",
      error("disabled: false on the filter, or a typed_per_filter_config that turns it on for the routes"),
    );
  const share = field(filter.config, "filter_enabled", "default_value");
  const percent = share === undefined ? 100 : percentOf(share);
  const isPart = percent < 100 && field(filter.config, "deny_at_disable", "default_value") !== true;
  return judge(
    "filter-disabled",
    where,
    percent < 100 ? `filter_enabled: ${percent} % of requests` : "it runs for every request",
    isPart && error("remove filter_enabled"),
  );
}

function percentOf(share: unknown): number {
  const of = { HUNDRED: 100, TEN_THOUSAND: 10_000, MILLION: 1_000_000 };
  const denominator = text(field(share, "denominator")) as keyof typeof of;
  return ((number(field(share, "numerator")) ?? 0) * 100) / (of[denominator] ?? 100);
}

/** Checks that the filter uses gRPC. */
export function speaksGrpc({ where, filter }: AuthzFilter): Finding {
  const isHttp = field(filter.config, "http_service") !== undefined;
  return judge(
    "filter-speaks-http",
    where,
    isHttp ? "http_service" : "grpc_service",
    isHttp && error("grpc_service: {envoy_grpc: {cluster_name: countersign}} instead of http_service"),
  );
}

const SERVER_ERRORS = new Set(["InternalServerError", "BadGateway", "ServiceUnavailable", "GatewayTimeout"]);

/** Checks that failed checks get a server error. Envoy's default is 403, which callers take for a denial. */
export function errorsAreServerErrors({ where, filter }: AuthzFilter): Finding {
  const code = field(filter.config, "status_on_error", "code");
  const isServerError = SERVER_ERRORS.has(text(code)) || (number(code) ?? 0) >= 500;
  return judge(
    "status-on-error",
    where,
    `status_on_error: ${code === undefined ? "403, the default" : String(code)}`,
    !isServerError && warning("status_on_error: {code: ServiceUnavailable}"),
  );
}

const HEADER_RULES = `decoder_header_mutation_rules: {disallow_all: true, disallow_is_error: true, allow_expression: {regex: "${MUTABLE_HEADERS}"}}`;

/** Checks that a reply of the verifier can change no headers but its own. */
export function mutationsAreBounded({ where, filter }: AuthzFilter): Finding {
  const isValidated = field(filter.config, "validate_mutations") === true;
  const isRuled = field(filter.config, "decoder_header_mutation_rules", "disallow_all") === true;
  const missing = [isValidated ? "" : "validate_mutations: true", isRuled ? "" : HEADER_RULES].filter(
    Boolean,
  );
  return judge(
    "mutations-unbounded",
    where,
    `validate_mutations: ${isValidated}, header rules: ${isRuled ? "deny all but ours" : "none"}`,
    missing.length > 0 && warning(missing.join("; ")),
  );
}

/** Filters that may change what was signed, or reply in the verifier's place. */
const CHANGING = new Set([
  "Lua",
  "LuaPerRoute",
  "Wasm",
  "ExternalProcessor",
  "HeaderMutation",
  "Decompressor",
  "GrpcJsonTranscoder",
  "GrpcWeb",
]);

/** Checks that CORS runs before the filter, and rate limits and filters that change requests after it. */
export function orderIsRight({ where, filter, manager }: AuthzFilter): Finding {
  const at = manager.filters.indexOf(filter);
  const before = manager.filters.slice(0, at);
  const after = manager.filters.slice(at + 1);
  const wrong = [
    ...before.filter(({ type }) => CHANGING.has(type)).map(({ name }) => `${name} runs before it`),
    ...before.filter(({ type }) => type === "RateLimit").map(({ name }) => `${name} runs before it`),
    ...after.filter(({ type }) => type === "Cors").map(({ name }) => `${name} runs after it`),
  ];
  return judge(
    "filter-order",
    where,
    wrong.length === 0 ? `filter ${at + 1} of ${manager.filters.length}` : wrong.join(", "),
    wrong.length > 0 &&
      warning("http_filters in the order cors, ext_authz, rate limit and what changes requests, router"),
  );
}

/** Checks that all headers of the caller reach the verifier, byte for byte. */
export function headersAreWhole({ where, filter }: AuthzFilter): readonly Finding[] {
  const isRaw = field(filter.config, "encode_raw_headers") === true;
  const allowed = list(field(filter.config, "allowed_headers", "patterns"));
  const disallowed = list(field(filter.config, "disallowed_headers", "patterns"));
  const withheld = allowed.length > 0 ? "allowed_headers" : disallowed.length > 0 ? "disallowed_headers" : "";
  return [
    judge(
      "headers-joined",
      where,
      `encode_raw_headers: ${isRaw}`,
      !isRaw && warning("encode_raw_headers: true"),
    ),
    judge(
      "headers-withheld",
      where,
      withheld === "" ? "all headers are sent" : `${withheld} withholds headers`,
      withheld !== "" && (allowed.length > 0 ? error : warning)(`remove ${withheld}`),
    ),
  ];
}
