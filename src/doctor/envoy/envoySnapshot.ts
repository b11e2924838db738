/** What doctor knows of one Envoy, from its admin interface or from a configuration file. */
export interface EnvoyModel {
  /** Its address, or the file's name. */
  readonly source: string;
  readonly managers: readonly Manager[];
  /** Clusters by name, as configured. */
  readonly clusters: ReadonlyMap<string, unknown>;
  /** What a running Envoy says of itself; undefined for a file. */
  readonly live?: LiveEnvoy;
}

/** An HTTP connection manager: one way into Envoy. */
export interface Manager {
  readonly listener: string;
  readonly config: unknown;
  /** In the order in which a request passes them. */
  readonly filters: readonly HttpFilter[];
  readonly routes: readonly unknown[];
}

export interface HttpFilter {
  readonly name: string;
  /** The last part of its type, such as `ExtAuthz`; "" where it is unknown. */
  readonly type: string;
  readonly isDisabled: boolean;
  readonly config: unknown;
}

export interface LiveEnvoy {
  /** Such as 1.40.0. */
  readonly version: string;
  /** Endpoints by cluster. */
  readonly endpoints: ReadonlyMap<string, { readonly all: number; readonly healthy: number }>;
  readonly stats: ReadonlyMap<string, number>;
}

/** One ext_authz filter of a way into Envoy. */
export interface AuthzFilter {
  /** For people: source, listener and filter. */
  readonly where: string;
  readonly filter: HttpFilter;
  readonly manager: Manager;
  /** The cluster of verifiers; undefined when the filter does not use `envoy_grpc`. */
  readonly cluster: string | undefined;
}

/** What other parts of the installation say that Envoy must fit. */
export interface Expected {
  /** Verifier processes that run; 0 when nobody said. */
  readonly processes: number;
  /** The verifiers' smallest --max-request-bytes. */
  readonly maxRequestBytes?: number;
}
