import type { SignedRequest } from "../signing/scheme.ts";
import { canonicalHost } from "./host.ts";
import { splitTarget } from "./pathSafety.ts";

/** A request, and what the proxy reports about it. */
export interface CheckedRequest {
  readonly request: SignedRequest;
  readonly context: RouteContext;
}

/** Envoy's context_extensions, where the proxy's route names API and environment. */
export interface RouteContext {
  /** `<namespace of the grant>/<name of the api>`. */
  readonly api?: string | undefined;
  readonly environment?: string | undefined;
}

/** A request with its target taken apart, for the stages of a decision. */
export interface Target extends CheckedRequest {
  /** Without the query. */
  readonly path: string;
  /** Canonical; undefined for an authority that names no single host. */
  readonly host: string | undefined;
}

export function targetOf({ request, context }: CheckedRequest): Target {
  const { path } = splitTarget(request.path);
  return { request, context, path, host: canonicalHost(request.authority) };
}
