import { isRecord, list } from "../base/json.ts";
import type { ObjectMeta } from "./meta.ts";

/** The group and version of Gateway API's HTTPRoute that is read. */
export const GATEWAY_GROUP = "gateway.networking.k8s.io";
export const HTTP_ROUTE_VERSION = `${GATEWAY_GROUP}/v1`;

/** What Countersign reads of an HTTPRoute: hosts, and what its rules match. The backends of a route are not read. */
export interface HttpRoute {
  readonly metadata: ObjectMeta;
  readonly hostnames: readonly string[];
  readonly rules: readonly RouteRule[];
}

export interface RouteRule {
  /** Any of them; at least one. */
  readonly matches: readonly RouteMatch[];
}

export interface RouteMatch {
  readonly path: { readonly type: string; readonly value: string };
  readonly method?: string;
  /** What else it looks at, such as headers: fields that are not understood must not be passed over. */
  readonly others: readonly string[];
}

type Json = Readonly<Record<string, unknown>>;

/** Reads the spec with Gateway API's defaults: no rules, no matches and no path mean every path. */
export function readHttpRoute(metadata: ObjectMeta, spec: unknown): HttpRoute {
  const { hostnames, rules } = fields(spec);
  return {
    metadata,
    hostnames: list(hostnames).filter((host) => typeof host === "string"),
    rules: atLeastOne(list(rules)).map((rule) => ({
      matches: atLeastOne(list(fields(rule).matches)).map(readMatch),
    })),
  };
}

function readMatch(match: unknown): RouteMatch {
  const { path, method, ...rest } = fields(match);
  const { type = "PathPrefix", value = "/" } = fields(path);
  return {
    path: { type: String(type), value: String(value) },
    ...(typeof method === "string" ? { method } : {}),
    others: Object.keys(rest).filter((name) => !isEmpty(rest[name])),
  };
}

function atLeastOne(values: readonly unknown[]): readonly unknown[] {
  return values.length > 0 ? values : [{}];
}

function isEmpty(value: unknown): boolean {
  return value === undefined || value === null || (Array.isArray(value) && value.length === 0);
}

function fields(value: unknown): Json {
  return isRecord(value) ? value : {};
}
