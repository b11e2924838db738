import { ENVOY_TYPE } from "../../../api/envoy.ts";
import { HEADER_PREFIX } from "../../../api/names.ts";
import { accessLog } from "./accessLog.ts";
import { authzFilter, verifierCluster } from "./authzFilter.ts";
import { corsFilter, corsOfVirtualHost } from "./cors.ts";
import {
  type EnvoyOptions,
  isIpLiteral,
  socketAddress,
  type Upstream,
  type VirtualHost,
} from "./envoyOptions.ts";
import { adminRuntime, receivedAtMutation, tapFilter } from "./tapFilter.ts";

/**
 * A complete Envoy bootstrap: one listener, one upstream, and the verifier in between. Requests that another part of Envoy
 * could interpret differently from the verifier are normalised or rejected before they reach the verifier.
 */
export function bootstrap(options: EnvoyOptions): object {
  return {
    node: { id: "countersign", cluster: "countersign" },
    admin: { address: socketAddress(options.admin) },
    ...(options.tap ? adminRuntime() : {}),
    static_resources: {
      listeners: [listener(options)],
      clusters: [verifierCluster(options), upstreamCluster(options.upstream)],
    },
  };
}

function listener(options: EnvoyOptions): object {
  return {
    name: "in",
    address: socketAddress(options.listen),
    filter_chains: [
      {
        filters: [
          {
            name: "envoy.filters.network.http_connection_manager",
            typed_config: connectionManager(options),
          },
        ],
      },
    ],
  };
}

function connectionManager(options: EnvoyOptions): object {
  return {
    "@type": `${ENVOY_TYPE}.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager`,
    stat_prefix: "in",
    normalize_path: true,
    merge_slashes: true,
    path_with_escaped_slashes_action: "REJECT_REQUEST",
    common_http_protocol_options: {
      headers_with_underscores_action: options.underscores === "drop" ? "DROP_HEADER" : "REJECT_REQUEST",
    },
    early_header_mutation_extensions: [earlyMutations(options)],
    access_log: [accessLog()],
    ...upgradeConfigs(options.upgrades ?? []),
    route_config: {
      name: "countersign",
      ignore_port_in_host_matching: true,
      virtual_hosts: [...options.virtualHosts.map(virtualHost), anyOtherHost()].map((host) => ({
        ...host,
        ...(options.cors ? corsOfVirtualHost(options.cors) : {}),
      })),
    },
    http_filters: [
      ...(options.cors ? [corsFilter()] : []),
      ...(options.tap ? [tapFilter(options.tap, options.maxRequestBytes)] : []),
      authzFilter(options),
      {
        name: "envoy.filters.http.router",
        typed_config: { "@type": `${ENVOY_TYPE}.extensions.filters.http.router.v3.Router` },
      },
    ],
  };
}

/** All filters, including ext_authz, check the request that opens an upgraded connection. They do not see the data after it. */
function upgradeConfigs(protocols: readonly string[]): object {
  if (protocols.length === 0) return {};
  return { upgrade_configs: protocols.map((protocol) => ({ upgrade_type: protocol })) };
}

/** Removes a client's identity headers before a route is chosen, since a route may match on them. The verifier removes them only later. */
function earlyMutations({ tap }: EnvoyOptions): object {
  return {
    name: "envoy.http.early_header_mutation.header_mutation",
    typed_config: {
      "@type": `${ENVOY_TYPE}.extensions.http.early_header_mutation.header_mutation.v3.HeaderMutation`,
      mutations: [
        { remove_on_match: { key_matcher: { prefix: HEADER_PREFIX, ignore_case: true } } },
        ...(tap ? [receivedAtMutation()] : []),
      ],
    },
  };
}

/** Removes the environment's prefix from the path for the upstream, as the vendor's gateway does. The verifier gets the full path. */
function virtualHost(host: VirtualHost): object {
  return {
    name: host.name,
    domains: host.hosts,
    routes: [...byLength(host.pathPrefixes).map(stripped), forwarded()],
  };
}

function anyOtherHost(): object {
  return { name: "any-other-host", domains: ["*"], routes: [forwarded()] };
}

function stripped(pathPrefix: string): object {
  return {
    match: { path_separated_prefix: pathPrefix },
    route: {
      cluster: "upstream",
      regex_rewrite: { pattern: { regex: `^${pathPrefix.replaceAll(".", "\\.")}/?` }, substitution: "/" },
    },
  };
}

function forwarded(): object {
  return { match: { prefix: "/" }, route: { cluster: "upstream" } };
}

/** Envoy uses the first route that matches, so the longest prefix is first. */
function byLength(pathPrefixes: readonly string[]): readonly string[] {
  return pathPrefixes.filter((prefix) => prefix !== "/").toSorted((a, b) => b.length - a.length);
}

function upstreamCluster(upstream: Upstream): object {
  return {
    name: "upstream",
    type: isIpLiteral(upstream.address.host) ? "STATIC" : "STRICT_DNS",
    connect_timeout: "1s",
    load_assignment: {
      cluster_name: "upstream",
      endpoints: [{ lb_endpoints: [{ endpoint: { address: socketAddress(upstream.address) } }] }],
    },
    ...(upstream.tls ? { transport_socket: upstreamTls(upstream.tls) } : {}),
  };
}

function upstreamTls(tls: { readonly serverName: string; readonly caFile: string }): object {
  return {
    name: "envoy.transport_sockets.tls",
    typed_config: {
      "@type": `${ENVOY_TYPE}.extensions.transport_sockets.tls.v3.UpstreamTlsContext`,
      sni: tls.serverName,
      common_tls_context: {
        validation_context: {
          trusted_ca: { filename: tls.caFile },
          match_typed_subject_alt_names: [{ san_type: "DNS", matcher: { exact: tls.serverName } }],
        },
      },
    },
  };
}
