import type { Address } from "../../../base/address.ts";
import type { CorsOptions } from "./cors.ts";

/** What an Envoy configuration is made from. */
export interface EnvoyOptions {
  readonly listen: Address;
  readonly admin: Address;
  readonly upstream: Upstream;
  /** One endpoint a verifier process: Envoy keeps one connection an endpoint, so a shared port leaves processes idle. */
  readonly verifiers: readonly Address[];
  /** How the verifier is spoken to by mTLS; plaintext without it. */
  readonly verifierTls?: VerifierTls;
  /** Largest body in bytes that is buffered for the verifier; a larger one is answered with 413. */
  readonly maxRequestBytes: number;
  /** How long Envoy waits for one answer of the verifier, in seconds. */
  readonly timeoutSeconds: number;
  /** Hosts whose environments have path prefixes to cut before the upstream sees the request. */
  readonly virtualHosts: readonly VirtualHost[];
  /** Which scripts of browsers may call; without it Envoy answers no preflight. */
  readonly cors?: CorsOptions;
  /** Protocols that a request may upgrade its connection to; without it Envoy denies such a request. */
  readonly upgrades?: readonly "websocket"[];
}

export interface Upstream {
  readonly address: Address;
  /** Set for https: the name that the certificate must carry, and the file of trusted authorities. */
  readonly tls?: { readonly serverName: string; readonly caFile: string };
}

export interface VerifierTls {
  /** Folder of Envoy's own tls.crt and tls.key, and of the ca.crt that vouches for verifiers, as Envoy sees it. */
  readonly folder: string;
  /** The DNS name or URI (SAN) that every verifier's certificate must carry. */
  readonly serverName: string;
  /** Folder of the two files that make Envoy follow changes of the other folder, as Envoy sees it. */
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

/** Whether Envoy can use the host without asking DNS. */
export function isIpLiteral(host: string): boolean {
  return /^[0-9.]+$/.test(host) || host.includes(":");
}
