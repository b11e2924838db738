import { type ApiFact, type FactOf, placeText } from "../facts.ts";
import type { Finding } from "../finding.ts";
import type { Restriction, VendorApi } from "./model.ts";
import { byId, byOrigin, grouped, timeOf } from "./order.ts";

/** Merges what all files have of each API. */
export function mergeApis(facts: readonly ApiFact[], findings: Finding[]): ReadonlyMap<string, VendorApi> {
  return new Map([...byId(facts)].map(([id, all]) => [id, apiOf(all, findings)]));
}

/** IP strategies and plugins by API. */
export function mergeRestrictions(
  facts: readonly FactOf<"restriction">[],
): ReadonlyMap<string, readonly Restriction[]> {
  return grouped(facts.toSorted(byOrigin), ({ api }) => api);
}

/** How the report names an API. */
export function apiText({
  id,
  name,
  method,
  path,
}: Pick<VendorApi, "id" | "name" | "method" | "path">): string {
  return `API ${name === "" ? id : `${name} (${id})`}: ${method} ${path}`;
}

/** The definition that was modified last counts, then the more trusted origin. */
function apiOf(all: readonly ApiFact[], findings: Finding[]): VendorApi {
  const sorted = all.toSorted(
    (a, b) => (timeOf(b.modified) ?? 0) - (timeOf(a.modified) ?? 0) || byOrigin(a, b),
  );
  const [first] = sorted as [ApiFact, ...ApiFact[]];
  const others = sorted.filter((one) => isDifferent(one, first));
  const isDisputed = others.some((one) => isEqualRank(one, first));
  const auth = sorted.find((one) => one.auth !== "")?.auth ?? "";
  const protocol = sorted.find((one) => one.protocol !== "")?.protocol ?? "";
  const lists = sorted.flatMap(({ environments }) => (environments === undefined ? [] : [environments]));
  if (others.length > 0) findings.push(conflict(first, others, isDisputed));
  const { id, service, name, path, method, from } = first;
  const environments = lists[0] === undefined ? undefined : new Set(lists[0]);
  return { id, service, name, path, method, auth, protocol, environments, isDisputed, from };
}

function isDifferent(a: ApiFact, b: ApiFact): boolean {
  return (
    a.path !== b.path ||
    a.method !== b.method ||
    a.service !== b.service ||
    (a.auth !== b.auth && a.auth !== "" && b.auth !== "")
  );
}

function isEqualRank(a: ApiFact, b: ApiFact): boolean {
  return (timeOf(a.modified) ?? 0) === (timeOf(b.modified) ?? 0) && a.origin === b.origin;
}

function conflict(first: ApiFact, others: readonly ApiFact[], isDisputed: boolean): Finding {
  const text = isDisputed
    ? "files of equal age have different definitions, so none was taken and no caller may use it: leave the older file out"
    : `the definition of ${placeText(first.from)} was taken`;
  return {
    level: isDisputed ? "decision" : "note",
    code: "ApiConflict",
    subject: apiText(first),
    text,
    from: [first, ...others].map(({ from }) => from),
  };
}
