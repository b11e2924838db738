import { bootstrap } from "../../src/cli/commands/envoyConfig/bootstrap.ts";
import type { EnvoyOptions } from "../../src/cli/commands/envoyConfig/envoyOptions.ts";

/** A part of an Envoy configuration that a test changes. */
// biome-ignore lint/suspicious/noExplicitAny: a configuration is a tree of any shape, and tests break it anywhere.
type Part = any;

export interface EnvoyParts {
  readonly root: Part;
  readonly manager: Part;
  readonly authz: Part;
  readonly cluster: Part;
  readonly route: Part;
}

export interface Breakage {
  readonly change: (parts: EnvoyParts) => void;
  /** The finding, and how bad it is, by configuration alone. */
  readonly finds: readonly [id: string, severity: "error" | "warning"];
  /** The finding by what a verifier got, or by what a caller was answered. */
  readonly shows?: string;
}

const PER_ROUTE = "type.googleapis.com/envoy.extensions.filters.http.ext_authz.v3.ExtAuthzPerRoute";
const AUTHZ = "envoy.filters.http.ext_authz";

const perRoute = (name: string, settings: object) => ({
  typed_per_filter_config: { [name]: { "@type": PER_ROUTE, ...settings } },
});
const filterOf = (type: string, name: string) => ({
  name,
  typed_config: { "@type": `type.googleapis.com/envoy.extensions.filters.http.${type}` },
});

/** What admins get wrong, each as one change of what `countersign envoy-config` prints. */
export const BREAKAGES: Readonly<Record<string, Breakage>> = {
  "failure_mode_allow is on": {
    change: ({ authz }) => {
      authz.failure_mode_allow = true;
    },
    finds: ["failure-mode-allow", "error"],
  },
  "bodies are not forwarded": {
    change: ({ authz }) => {
      delete authz.with_request_body;
    },
    finds: ["body-not-forwarded", "error"],
    shows: "body-not-forwarded",
  },
  "bodies are sent as text": {
    change: ({ authz }) => {
      delete authz.with_request_body.pack_as_bytes;
    },
    finds: ["body-sanitised", "error"],
    shows: "body-sanitised",
  },
  "bodies are cut": {
    change: ({ authz }) => {
      authz.with_request_body = { max_request_bytes: 10, allow_partial_message: true, pack_as_bytes: true };
    },
    finds: ["body-truncated", "error"],
    shows: "body-truncated",
  },
  "the timeout is short": {
    change: ({ authz }) => {
      authz.grpc_service.timeout = "0.05s";
    },
    finds: ["timeout-too-short", "error"],
    shows: "timeout-too-short",
  },
  "a try is cut off before the timeout": {
    change: ({ authz }) => {
      authz.grpc_service.retry_policy.retry_back_off.max_interval = "0.02s";
    },
    finds: ["retry-cuts-tries", "error"],
  },
  "headers are joined": {
    change: ({ authz }) => {
      delete authz.encode_raw_headers;
    },
    finds: ["headers-joined", "warning"],
    shows: "headers-joined",
  },
  "paths are not normalised": {
    change: ({ manager }) => {
      delete manager.normalize_path;
      delete manager.merge_slashes;
    },
    finds: ["path-not-normalised", "error"],
    shows: "path-not-normalised",
  },
  "a route's settings are under a name that no filter has": {
    change: ({ route }) => {
      Object.assign(
        route,
        perRoute("envoy.filters.http.ext_auth", {
          check_settings: { context_extensions: { api: "team-doctor/orders" } },
        }),
      );
    },
    finds: ["filter-name-unknown", "error"],
    shows: "context-never-sent",
  },
  "the filter is off": {
    change: ({ manager }) => {
      manager.http_filters[0].disabled = true;
    },
    finds: ["filter-disabled", "error"],
    shows: "probe-unprotected",
  },
  "the filter is away": {
    change: ({ manager }) => {
      manager.http_filters.shift();
    },
    finds: ["filter-missing", "error"],
    shows: "probe-unprotected",
  },
  "a route turns the filter off": {
    change: ({ route }) => {
      Object.assign(route, perRoute(AUTHZ, { disabled: true }));
    },
    finds: ["route-unprotected", "warning"],
    shows: "probe-unprotected",
  },
  "a route takes the body away": {
    change: ({ route }) => {
      Object.assign(route, perRoute(AUTHZ, { check_settings: { disable_request_body_buffering: true } }));
    },
    finds: ["body-not-forwarded", "error"],
    shows: "body-not-forwarded",
  },
  "only a part of the requests is checked": {
    change: ({ authz }) => {
      authz.filter_enabled = { default_value: { numerator: 50, denominator: "HUNDRED" } };
    },
    finds: ["filter-disabled", "error"],
  },
  "a verifier that is away looks like a refusal": {
    change: ({ authz }) => {
      delete authz.status_on_error;
    },
    finds: ["status-on-error", "warning"],
  },
  "only some headers are sent": {
    change: ({ authz }) => {
      authz.allowed_headers = { patterns: [{ exact: "authorization" }] };
    },
    finds: ["headers-withheld", "error"],
  },
  "the verifier may change any header": {
    change: ({ authz }) => {
      delete authz.decoder_header_mutation_rules;
    },
    finds: ["mutations-unbounded", "warning"],
  },
  "slashes are not merged": {
    change: ({ manager }) => {
      delete manager.merge_slashes;
    },
    finds: ["slashes-not-merged", "warning"],
  },
  "escaped slashes stay": {
    change: ({ manager }) => {
      delete manager.path_with_escaped_slashes_action;
    },
    finds: ["escaped-slashes", "warning"],
  },
  "headers with underscores are let in": {
    change: ({ manager }) => {
      delete manager.common_http_protocol_options;
    },
    finds: ["headers-with-underscores", "warning"],
  },
  "a filter changes requests before the check": {
    change: ({ manager }) => {
      manager.http_filters.unshift(filterOf("header_mutation.v3.HeaderMutation", "mutation"));
    },
    finds: ["filter-order", "warning"],
  },
  "CORS comes after the check": {
    change: ({ manager }) => {
      manager.http_filters.splice(1, 0, filterOf("cors.v3.Cors", "cors"));
    },
    finds: ["filter-order", "warning"],
  },
  "a client's identity header chooses the route": {
    change: ({ manager, route }) => {
      delete manager.early_header_mutation_extensions;
      route.match.headers = [{ name: "x-countersign-plan", string_match: { exact: "gold" } }];
    },
    finds: ["route-by-identity", "error"],
  },
  "nothing is tried again": {
    change: ({ authz }) => {
      delete authz.grpc_service.retry_policy;
    },
    finds: ["retry-missing", "warning"],
  },
  "the retry policy stands where Envoy ignores it": {
    change: ({ authz: { grpc_service: service } }) => {
      service.envoy_grpc.retry_policy = { num_retries: 2 };
      delete service.retry_policy;
    },
    finds: ["retry-missing", "warning"],
  },
  "the retry may ask the same process": {
    change: ({ authz }) => {
      delete authz.grpc_service.retry_policy.retry_host_predicate;
    },
    finds: ["retry-same-host", "warning"],
  },
  "callers wait for minutes": {
    change: ({ authz }) => {
      authz.grpc_service.timeout = "600s";
    },
    finds: ["timeout-too-long", "warning"],
  },
  "there is no HTTP/2 to the verifiers": {
    change: ({ cluster }) => {
      delete cluster.typed_extension_protocol_options;
      // Envoy refuses a gRPC health check without HTTP/2 by itself.
      delete cluster.health_checks;
    },
    finds: ["http2-missing", "error"],
    shows: "probe-not-ready",
  },
  "the verifiers' health is not checked": {
    change: ({ cluster }) => {
      delete cluster.health_checks;
    },
    finds: ["health-checks-missing", "warning"],
  },
  "the health of another service is asked for": {
    change: ({ cluster }) => {
      cluster.health_checks[0].grpc_health_check.service_name = "countersign";
    },
    finds: ["health-service", "error"],
    shows: "probe-not-ready",
  },
  "unhealthy verifiers are asked in a panic": {
    change: ({ cluster }) => {
      delete cluster.common_lb_config;
    },
    finds: ["panic-threshold", "warning"],
  },
};

/** The configuration of `options`, changed. */
export function brokenEnvoy(options: EnvoyOptions, change: (parts: EnvoyParts) => void): object {
  const root: Part = structuredClone(bootstrap(options));
  const manager = root.static_resources.listeners[0].filter_chains[0].filters[0].typed_config;
  const hosts = manager.route_config.virtual_hosts;
  change({
    root,
    manager,
    authz: manager.http_filters[0].typed_config,
    cluster: root.static_resources.clusters[0],
    route: hosts.at(-1).routes[0],
  });
  return root;
}
