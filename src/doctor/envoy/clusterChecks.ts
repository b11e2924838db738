import { AUTHORIZATION_SERVICE } from "../../api/envoy.ts";
import { entries, field, isRecord, list, number, text } from "../../base/json.ts";
import { error, type Finding, judge, warning } from "../finding.ts";
import type { AuthzFilter, EnvoySnapshot, Expected } from "./envoySnapshot.ts";

const HEALTH_CHECK = `health_checks: [{timeout: 0.5s, interval: 1s, no_traffic_interval: 1s, unhealthy_threshold: 2, healthy_threshold: 1, grpc_health_check: {service_name: ${AUTHORIZATION_SERVICE}}}]`;

/** Checks whether the cluster of the verifiers exists, speaks gRPC, has health checks, and reaches every process. */
export function clusterReachesVerifiers(
  { where, cluster: name }: AuthzFilter,
  envoy: EnvoySnapshot,
  expected: Expected,
): readonly Finding[] {
  if (name === undefined) return [];
  const cluster = envoy.clusters.get(name);
  if (cluster === undefined)
    return [
      judge("authz-cluster-unknown", where, `there is no cluster ${name}`, error(`a cluster named ${name}`)),
    ];
  const place = `${envoy.source}, cluster ${name}`;
  return [
    judge("authz-cluster-unknown", where, `cluster ${name}`),
    speaksHttp2(place, cluster),
    ...healthIsChecked(place, cluster),
    ...everyProcessIsAnEndpoint(place, name, envoy, expected),
    ...endpointsAreHealthy(place, name, envoy),
    ...connectionIsSafe(place, cluster),
  ];
}

function speaksHttp2(where: string, cluster: unknown): Finding {
  const options = entries(field(cluster, "typed_extension_protocol_options")).map(([, value]) => value);
  const isHttp2 =
    field(cluster, "http2_protocol_options") !== undefined ||
    options.some((one) => JSON.stringify(one).includes('"http2_protocol_options"'));
  return judge(
    "http2-missing",
    where,
    isHttp2 ? "HTTP/2" : "HTTP/1.1",
    !isHttp2 &&
      error(
        "typed_extension_protocol_options: {envoy.extensions.upstreams.http.v3.HttpProtocolOptions: {…, explicit_http_config: {http2_protocol_options: {}}}}",
      ),
  );
}

function healthIsChecked(where: string, cluster: unknown): readonly Finding[] {
  const checks = list(field(cluster, "health_checks"));
  const services = checks.map((check) => text(field(check, "grpc_health_check", "service_name")));
  const unknown = services.find((service) => service !== "" && service !== AUTHORIZATION_SERVICE);
  const threshold = field(cluster, "common_lb_config", "healthy_panic_threshold");
  // A dump omits the value when it is 0.
  const percent = isRecord(threshold) ? (number(threshold.value) ?? 0) : 50;
  return [
    judge(
      "health-checks-missing",
      where,
      `${checks.length} health checks`,
      checks.length === 0 && warning(HEALTH_CHECK),
    ),
    judge(
      "health-service",
      where,
      unknown === undefined
        ? "health checks ask for the verifier's service, or for the whole server"
        : `service_name: ${unknown}`,
      unknown !== undefined && error(`grpc_health_check: {service_name: ${AUTHORIZATION_SERVICE}}`),
    ),
    judge(
      "panic-threshold",
      where,
      `healthy_panic_threshold: ${percent} %`,
      percent > 0 && warning("common_lb_config: {healthy_panic_threshold: {value: 0}}"),
    ),
  ];
}

/** Endpoints from DNS or from a control plane are known only for a running Envoy. */
function everyProcessIsAnEndpoint(
  where: string,
  name: string,
  { clusters, runtime }: EnvoySnapshot,
  { processes }: Expected,
): readonly Finding[] {
  const cluster = clusters.get(name);
  const isStatic = ["STATIC", ""].includes(text(field(cluster, "type")));
  const count = runtime?.endpoints.get(name)?.all ?? (isStatic ? addressesOf(cluster).length : undefined);
  if (count === undefined) return [];
  return [
    judge(
      "endpoints-too-few",
      where,
      `${count} endpoints${processes === 0 ? "" : `, ${processes} verifier processes`}`,
      (count === 0 || count < processes) &&
        error(
          "load_assignment with one endpoint per verifier process (in Kubernetes: type: STRICT_DNS and a headless Service)",
        ),
    ),
  ];
}

function endpointsAreHealthy(where: string, name: string, { runtime }: EnvoySnapshot): readonly Finding[] {
  const endpoints = runtime?.endpoints.get(name);
  if (!endpoints || endpoints.all === 0) return [];
  const { all, healthy } = endpoints;
  const remedy = "look at these verifiers: do they run, are they ready, is the address theirs?";
  return [
    judge(
      "endpoints-unhealthy",
      where,
      `${healthy} of ${all} endpoints are healthy`,
      healthy < all && (healthy === 0 ? error : warning)(remedy),
    ),
  ];
}

function connectionIsSafe(where: string, cluster: unknown): readonly Finding[] {
  const isTls = ["transport_socket", "transport_socket_matches"].some(
    (key) => field(cluster, key) !== undefined,
  );
  const foreign = addressesOf(cluster).filter((address) => !isLocal(address));
  if (!isTls)
    return [
      judge(
        "verifier-plaintext",
        where,
        foreign.length === 0 ? "plaintext, on this machine only" : `plaintext to ${foreign[0]}`,
        foreign.length > 0 &&
          warning("transport_socket with an UpstreamTlsContext: countersign envoy-config --verifier-tls-dir"),
      ),
    ];
  const isVerified = JSON.stringify(cluster).includes("validation_context");
  return [
    judge("verifier-plaintext", where, "TLS"),
    judge(
      "verifier-unverified",
      where,
      isVerified ? "the verifier's certificate is verified" : "no validation_context",
      !isVerified &&
        warning(
          "common_tls_context: {validation_context: {trusted_ca: …, match_typed_subject_alt_names: …}}",
        ),
    ),
  ];
}

/** The hosts of a cluster, or the paths of Unix sockets. */
function addressesOf(cluster: unknown): readonly string[] {
  return list(field(cluster, "load_assignment", "endpoints"))
    .flatMap((group) => list(field(group, "lb_endpoints")))
    .map((one) => field(one, "endpoint", "address"))
    .map(
      (address) => text(field(address, "socket_address", "address")) || text(field(address, "pipe", "path")),
    );
}

function isLocal(address: string): boolean {
  return /^127\.|^::1$|^localhost$|^\/|^@/.test(address);
}
