import type { Address } from "../../../base/address.ts";
import type { CorsOptions } from "./cors.ts";
import type { TapOptions } from "./tapFilter.ts";

/** The inputs of an Envoy configuration. */
export interface EnvoyOptions {
  readonly listen: Address;
  readonly admin: Address;
  readonly upstream: Upstream;
  /** One endpoint per verifier process: Envoy keeps one connection per endpoint, so a shared port leaves processes idle. */
  readonly verifiers: readonly Address[];
  /** mTLS between Envoy and the verifiers. Default: plaintext. */
  readonly verifierTls?: VerifierTls;
  /** Largest body in bytes that is buffered for the verifier. Envoy replies 413 to a larger one. */
  readonly maxRequestBytes: number;
  /** How long Envoy waits for one decision of the verifier, in seconds. */
  readonly timeoutSeconds: number;
  /** Hosts whose environments have path prefixes, which are removed before the request reaches the upstream. */
  readonly virtualHosts: readonly VirtualHost[];
  /** The browser scripts that may call. Default: none, and Envoy does not reply to preflights. */
  readonly cors?: CorsOptions;
  /** What Envoy does with a header whose name has an underscore, which some upstreams read as a hyphen. Default: it denies the request. */
  readonly underscores?: UnderscoreAction;
  /** Protocols that a request may upgrade its connection to; without it Envoy denies such a request. */
  readonly upgrades?: readonly "websocket"[];
  /** Where to record every request for `countersign replay`. Default: nothing is recorded. */
  readonly tap?: TapOptions;
}

/** Deny the request, or remove the header before the verifier and the upstream see it. */
export const UNDERSCORE_ACTIONS = ["reject", "drop"] as const;
export type UnderscoreAction = (typeof UNDERSCORE_ACTIONS)[number];

export interface Upstream {
  readonly address: Address;
  /** Set for https: the name in the certificate, and the file of trusted authorities. */
  readonly tls?: { readonly serverName: string; readonly caFile: string };
}

export interface VerifierTls {
  /** Folder with Envoy's own tls.crt and tls.key, and the ca.crt that issues the verifiers' certificates; a path on Envoy's machine. */
  readonly folder: string;
  /** The DNS name or URI (SAN) in every verifier's certificate. */
  readonly serverName: string;
  /** Folder with the two SDS files by which Envoy reloads certificates; a path on Envoy's machine. */
  readonly sdsFolder: string;
}

export interface VirtualHost {
  readonly name: string;
  readonly hosts: readonly string[];
  readonly pathPrefixes: readonly string[];
}

/** Envoy's SocketAddress. */
export function socketAddress(address: Address): object {
  return { socket_address: { address: address.host, port_value: address.port } };
}

/** Whether Envoy can use the host without DNS. */
export function isIpLiteral(host: string): boolean {
  return /^[0-9.]+$/.test(host) || host.includes(":");
}
