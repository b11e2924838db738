/** One Envoy, by its admin interface or by a configuration file. */
export interface EnvoySnapshot {
  /** Its address, or the file's name. */
  readonly source: string;
  readonly managers: readonly Manager[];
  /** Clusters by name, as configured. */
  readonly clusters: ReadonlyMap<string, unknown>;
  /** The state of a running Envoy; undefined for a file. */
  readonly runtime?: EnvoyRuntime;
}

/** An HTTP connection manager: one entry point for requests. */
export interface Manager {
  readonly listener: string;
  readonly config: unknown;
  /** In the order in which a request passes through them. */
  readonly filters: readonly HttpFilter[];
  readonly routes: readonly unknown[];
}

export interface HttpFilter {
  readonly name: string;
  /** The last part of its type, such as `ExtAuthz`; "" if it is unknown. */
  readonly type: string;
  readonly isDisabled: boolean;
  readonly config: unknown;
}

export interface EnvoyRuntime {
  /** For example 1.40.0. */
  readonly version: string;
  /** Endpoints by cluster. */
  readonly endpoints: ReadonlyMap<string, { readonly all: number; readonly healthy: number }>;
  readonly stats: ReadonlyMap<string, number>;
}

/** One ext_authz filter of an HTTP connection manager. */
export interface AuthzFilter {
  /** For people: source, listener and filter. */
  readonly where: string;
  readonly filter: HttpFilter;
  readonly manager: Manager;
  /** The cluster of verifiers; undefined if the filter does not use `envoy_grpc`. */
  readonly cluster: string | undefined;
}

/** What Envoy has to fit, by the other parts of the installation. */
export interface Expected {
  /** Verifier processes that run; 0 if unknown. */
  readonly processes: number;
  /** The verifiers' smallest --max-request-bytes. */
  readonly maxRequestBytes?: number;
}
