import type { Finding } from "../../finding.ts";
import { apiText } from "../../tenant/apis.ts";
import { grouped } from "../../tenant/order.ts";
import { type Callers, callersKey, callersText } from "../callers.ts";
import type { EnvironmentsOf } from "../domains.ts";
import type { GrantableApi } from "../grantable.ts";
import type { VendorPath } from "./vendorPath.ts";

/**
 * Pairs of APIs of one service and environment that a request can match both, and that differ in methods or callers. Here the
 * path decides first and methods are looked at after; what the vendor did with methods is not documented.
 */
export function overlaps(
  apis: ReadonlyMap<string, GrantableApi>,
  callers: Callers,
  environmentsOf: EnvironmentsOf,
  isNarrow: boolean,
): readonly Finding[] {
  return [...grouped([...apis.values()], ({ api }) => api.service)].flatMap(([service, all]) =>
    pairs(all)
      .filter(([a, b]) => mayOverlap(a.vendorPath, b.vendorPath))
      .flatMap(([a, b]) => {
        const environments = (environmentsOf(service) ?? []).filter((one) => differ(a, b, one, callers));
        return environments.length === 0 ? [] : [finding(a, b, environments, isNarrow)];
      }),
  );
}

function pairs<T>(items: readonly T[]): readonly (readonly [T, T])[] {
  return items.flatMap((a, index) => items.slice(index + 1).map((b) => [a, b] as const));
}

function differ(a: GrantableApi, b: GrantableApi, environment: string, callers: Callers): boolean {
  const text = ({ api }: GrantableApi) => callersText(callers.get(callersKey(api.id, environment)));
  return a.methods.join() !== b.methods.join() || text(a) !== text(b) || a.use !== b.use;
}

function finding(
  a: GrantableApi,
  b: GrantableApi,
  environments: readonly string[],
  isNarrow: boolean,
): Finding {
  const order = isNarrow
    ? "here Exact decides before Template, and Template before PathPrefix"
    : "the path decides here, as at the vendor; methods are looked at after it";
  return {
    level: "note",
    code: "Overlap",
    subject: `${apiText(a.api)} and ${apiText(b.api)}`,
    text: `a request can match both (${environments.join(", ")}): ${order}. Replay captured requests to see whether any is affected`,
    from: [],
  };
}

/** Whether some path may match both; true where that is not known. */
function mayOverlap(a: VendorPath, b: VendorPath): boolean {
  const [one, other] = [reachOf(a), reachOf(b)];
  if (one === undefined || other === undefined) return true;
  if (!one.isOpen && !other.isOpen) return one.start === other.start;
  if (!one.isOpen) return one.start.startsWith(other.start);
  if (!other.isOpen) return other.start.startsWith(one.start);
  return one.start.startsWith(other.start) || other.start.startsWith(one.start);
}

/** What every matching path begins with, and whether more may follow; undefined for a pattern. */
function reachOf(path: VendorPath): { readonly start: string; readonly isOpen: boolean } | undefined {
  if (path.kind === "pattern" || path.kind === "impossible") return undefined;
  if (path.kind === "template") return { start: path.value.slice(0, path.value.indexOf("{")), isOpen: true };
  return { start: path.value, isOpen: path.kind !== "exact" };
}
