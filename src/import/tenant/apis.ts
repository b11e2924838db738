import { type ApiFact, type FactOf, placeText } from "../facts.ts";
import type { Finding } from "../finding.ts";
import type { Restriction, VendorApi } from "./model.ts";
import { byId, byOrigin, grouped, timeOf } from "./order.ts";

/** Merges what all files have of each API. */
export function mergeApis(facts: readonly ApiFact[], findings: Finding[]): ReadonlyMap<string, VendorApi> {
  return new Map([...byId(facts)].map(([id, all]) => [id, apiOf(all, findings)]));
}

/** IP strategies, plugins and the like by API or service. Those that only a state has do not count where a response lists all of an API. */
export function mergeRestrictions(
  facts: readonly FactOf<"restriction">[],
  coverage: readonly FactOf<"coverage">[],
): ReadonlyMap<string, readonly Restriction[]> {
  const listed = new Set(coverage.filter((one) => one.of === "plugins").map(({ id }) => id));
  const current = facts.filter(
    ({ origin, target, environment }) => origin === "response" || !listed.has(`${target} ${environment}`),
  );
  return grouped(current.toSorted(byOrigin), ({ target }) => target);
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

/** A deployed definition counts; without one that which was modified last, then the more trusted origin. */
function apiOf(all: readonly ApiFact[], findings: Finding[]): VendorApi {
  const sorted = all.toSorted(
    (a, b) =>
      Number(b.isDeployed) - Number(a.isDeployed) ||
      (timeOf(b.modified) ?? 0) - (timeOf(a.modified) ?? 0) ||
      byOrigin(a, b),
  );
  // Lists of older tools name an API without its path.
  const defining = sorted.filter((one) => one.path !== "");
  const first = defining[0] ?? (sorted[0] as ApiFact);
  const others = defining.filter((one) => one.isDeployed === first.isDeployed && isDifferent(one, first));
  const isDisputed = others.some((one) => isEqualRank(one, first));
  const auth = sorted.find((one) => one.auth !== "")?.auth ?? "";
  const protocol = sorted.find((one) => one.protocol !== "")?.protocol ?? "";
  const named = sorted.find((one) => one.name !== "") ?? first;
  if (others.length > 0) findings.push(conflict(first, others, isDisputed));
  const edited = first.isDeployed
    ? defining.find((one) => !one.isDeployed && isDifferent(one, first))
    : undefined;
  if (edited) findings.push(editedSince(first, edited));
  const { id, service, path, method, from } = first;
  const { name } = named;
  return {
    id,
    service,
    name,
    path,
    method,
    auth,
    protocol,
    environments: environmentsOf(sorted),
    isDisputed,
    from,
  };
}

/** A document that lists all environments counts; without one those in which a deployed definition was found. */
function environmentsOf(sorted: readonly ApiFact[]): ReadonlySet<string> | undefined {
  const of = (isDeployed: boolean) =>
    sorted.flatMap((one) =>
      one.isDeployed === isDeployed && one.environments !== undefined ? [one.environments] : [],
    );
  const [list] = of(false);
  if (list !== undefined) return new Set(list);
  const deployed = of(true);
  return deployed.length === 0 ? undefined : new Set(deployed.flat());
}

function editedSince(deployed: ApiFact, edited: ApiFact): Finding {
  return {
    level: "note",
    code: "ApiEdited",
    subject: apiText(deployed),
    text: `its edited definition is ${edited.method} ${edited.path}; the deployed one of ${placeText(deployed.from)} was taken`,
    from: [edited.from],
  };
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
