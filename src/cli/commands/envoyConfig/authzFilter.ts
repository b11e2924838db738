import {
  AUTHORIZATION_SERVICE,
  AUTHZ_FILTER,
  ENVOY_TYPE,
  MUTABLE_HEADERS,
  RETRY_ON,
} from "../../../api/envoy.ts";
import { type EnvoyOptions, isIpLiteral, socketAddress } from "./envoyOptions.ts";
import { verifierTlsSocket } from "./verifierTls.ts";

/**
 * The ext_authz filter. It fails closed. It sends headers and body byte for byte, and denies a request whose body is too large
 * instead of truncating it. The verifier can change only its own headers.
 */
export function authzFilter(options: Pick<EnvoyOptions, "maxRequestBytes" | "timeoutSeconds">): object {
  return {
    name: AUTHZ_FILTER,
    typed_config: {
      "@type": `${ENVOY_TYPE}.extensions.filters.http.ext_authz.v3.ExtAuthz`,
      transport_api_version: "V3",
      failure_mode_allow: false,
      status_on_error: { code: "ServiceUnavailable" },
      encode_raw_headers: true,
      validate_mutations: true,
      with_request_body: {
        max_request_bytes: options.maxRequestBytes,
        allow_partial_message: false,
        pack_as_bytes: true,
      },
      decoder_header_mutation_rules: {
        disallow_all: true,
        disallow_is_error: true,
        allow_expression: { regex: MUTABLE_HEADERS },
      },
      grpc_service: {
        timeout: `${options.timeoutSeconds}s`,
        envoy_grpc: { cluster_name: "countersign" },
        retry_policy: retryPolicy(options.timeoutSeconds),
      },
    },
  };
}

/**
 * Retries need a short back-off and another host: by default Envoy waits half a second, and may choose the dead host again.
 * Envoy also limits each try to max_interval (seen on 1.40.0), so that is the whole timeout.
 */
function retryPolicy(timeoutSeconds: number): object {
  return {
    retry_on: RETRY_ON,
    num_retries: 2,
    retry_back_off: { base_interval: "0.005s", max_interval: `${timeoutSeconds}s` },
    host_selection_retry_max_attempts: 3,
    retry_host_predicate: [
      {
        name: "envoy.retry_host_predicates.previous_hosts",
        typed_config: {
          "@type": `${ENVOY_TYPE}.extensions.retry.host.previous_hosts.v3.PreviousHostsPredicate`,
        },
      },
    ],
  };
}

/** The cluster of verifier processes. Only its health checks detect a process that hangs or reports NOT_SERVING. */
export function verifierCluster({
  verifiers,
  verifierTls,
  timeoutSeconds,
}: Pick<EnvoyOptions, "verifiers" | "verifierTls" | "timeoutSeconds">): object {
  return {
    name: "countersign",
    type: verifiers.every((verifier) => isIpLiteral(verifier.host)) ? "STATIC" : "STRICT_DNS",
    // The kernel accepts a plaintext connection. A TLS handshake needs the process, which may be busy; half the timeout leaves time
    // to try another one.
    connect_timeout: verifierTls ? `${timeoutSeconds / 2}s` : "0.1s",
    ...(verifierTls ? { transport_socket: verifierTlsSocket(verifierTls) } : {}),
    lb_policy: "LEAST_REQUEST",
    // By default Envoy allows 3 concurrent retries, fewer than there are when a process dies.
    circuit_breakers: {
      thresholds: [{ max_requests: 8_192, max_pending_requests: 8_192, max_retries: 1_024 }],
    },
    common_lb_config: { healthy_panic_threshold: { value: 0 } },
    typed_extension_protocol_options: {
      "envoy.extensions.upstreams.http.v3.HttpProtocolOptions": {
        "@type": `${ENVOY_TYPE}.extensions.upstreams.http.v3.HttpProtocolOptions`,
        explicit_http_config: { http2_protocol_options: {} },
      },
    },
    health_checks: [
      {
        timeout: "0.5s",
        interval: "1s",
        no_traffic_interval: "1s",
        unhealthy_threshold: 2,
        healthy_threshold: 1,
        grpc_health_check: { service_name: AUTHORIZATION_SERVICE },
      },
    ],
    load_assignment: {
      cluster_name: "countersign",
      endpoints: [
        { lb_endpoints: verifiers.map((verifier) => ({ endpoint: { address: socketAddress(verifier) } })) },
      ],
    },
  };
}
