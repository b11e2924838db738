import type { Finding } from "../../finding.ts";
import { apiText } from "../../tenant/apis.ts";
import { byText, grouped } from "../../tenant/order.ts";
import type { GrantableApi } from "../grantable.ts";
import type { WrittenPath } from "../objects.ts";

/** The methods that ANY is written as where another API of the same path has one of them. */
const METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"] as const;
/** The vendor's precedence of paths. */
const KINDS = ["exact", "prefix", "template", "pattern", "plain", "impossible"] as const;

/**
 * Keeps APIs of one path apart: grants of one path are a union, so callers of `ANY /orders` could use `GET /orders`, which is
 * another API. In narrow mode `^~/user` and `/user` become one path, of which the vendor's precedence takes the first.
 */
export function separated(
  apis: ReadonlyMap<string, GrantableApi>,
  findings: Finding[],
): ReadonlyMap<string, GrantableApi> {
  const changed = new Map(apis);
  const sharing = grouped(
    [...apis.values()],
    ({ api, paths }) => `${api.service} ${paths.map(pathKey).sort().join(" ")}`,
  );
  for (const group of sharing.values()) {
    const inOrder = group.filter(({ paths }) => paths.length > 0).toSorted(byPrecedence);
    const taken = new Set<string>();
    for (const one of inOrder) {
      const methods = one.methods.length === 0 && inOrder.length > 1 ? METHODS : one.methods;
      const left = methods.filter((method) => !taken.has(method));
      for (const method of methods) taken.add(method);
      if (inOrder.length === 1 || left.join() === one.methods.join()) continue;
      changed.set(one.api.id, left.length === 0 ? { ...one, paths: [] } : { ...one, methods: left });
      findings.push(finding(one, left, inOrder));
    }
  }
  return changed;
}

/** Of equal paths the API that names its methods is before the one that has all. */
function byPrecedence(a: GrantableApi, b: GrantableApi): number {
  return (
    KINDS.indexOf(a.vendorPath.kind) - KINDS.indexOf(b.vendorPath.kind) ||
    Number(a.methods.length === 0) - Number(b.methods.length === 0) ||
    byText(a.api.id, b.api.id)
  );
}

/** Equal for paths that a verifier keeps as one. */
function pathKey({ type, value }: WrittenPath): string {
  const shape = value.replaceAll(/\{[^{}]*\}/g, "{}");
  return `${type} ${type === "PathPrefix" ? shape.replace(/\/$/, "") : shape}`;
}

function finding(one: GrantableApi, left: readonly string[], group: readonly GrantableApi[]): Finding {
  const others = group.filter((other) => other !== one).map(({ api }) => apiText(api));
  const result = left.length === 0 ? "it is not granted" : `it is granted for ${left.join(", ")}`;
  return {
    level: "decision",
    code: "Overlap",
    subject: apiText(one.api),
    text: `it has the same path as ${others.join(", ")}, whose callers may differ: ${result}`,
    from: [one.api.from],
  };
}
