import type { ApiFact, FactOf } from "../facts.ts";
import type { Finding } from "../finding.ts";
import { apiText } from "./apis.ts";
import { grouped, timeOf } from "./order.ts";

/**
 * APIs that were modified after the last release of an environment: exports hold the edited definition, while the vendor's gateway
 * still uses the released one, which no export holds.
 */
export function editedApis(
  apis: readonly ApiFact[],
  releases: readonly FactOf<"release">[],
): readonly Finding[] {
  const last = new Map<string, number>();
  for (const { service, version, isReleased } of releases) {
    const time = isReleased ? releaseTime(version) : undefined;
    // The oldest release of a service counts: one environment with the older definition is enough.
    if (time !== undefined) last.set(service, Math.min(time, last.get(service) ?? time));
  }
  const edited = apis.filter(
    ({ service, modified }) => (timeOf(modified) ?? 0) > (last.get(service) ?? Infinity),
  );
  return [...grouped(edited, ({ id }) => id).values()].flatMap(([api]) => (api ? [finding(api)] : []));
}

/** Milliseconds of a version such as `20230301000018-mrcxggcj`. */
function releaseTime(version: string): number | undefined {
  const [, ...parts] = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)/.exec(version) ?? [];
  const [year, month, day, hour, minute, second] = parts;
  return year === undefined ? undefined : timeOf(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
}

function finding(api: ApiFact): Finding {
  const text =
    "it was modified after a release of its service: the gateway may still use the older path or method. Replay captured requests";
  return { level: "note", code: "ApiEdited", subject: apiText(api), text, from: [api.from] };
}
