import { isRecord } from "../../src/base/json.ts";

const EXT_AUTHZ = "envoy.filters.http.ext_authz";

/**
 * An Envoy configuration for a benchmark of the filters before the upstream: Envoy replies itself instead of routing, and writes no
 * access log, which another process would have to read. Without `checks` it also asks no verifier.
 */
export function benchBootstrap(bootstrap: object, checks: boolean): object {
  return change(bootstrap, checks) as object;
}

function change(value: unknown, checks: boolean): unknown {
  if (Array.isArray(value))
    return value.filter((item) => checks || !isCheck(item)).map((item) => change(item, checks));
  if (!isRecord(value)) return value;
  const entries = Object.entries(value).filter(([name]) => name !== "access_log");
  return Object.fromEntries(
    entries.map(([name, inner]) =>
      name === "route" ? ["direct_response", { status: 200 }] : [name, change(inner, checks)],
    ),
  );
}

function isCheck(item: unknown): boolean {
  return isRecord(item) && item.name === EXT_AUTHZ;
}
