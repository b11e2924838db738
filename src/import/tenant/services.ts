import type { FactOf, ServiceFact } from "../facts.ts";
import type { VendorService } from "./model.ts";
import { byId, byOrigin, grouped } from "./order.ts";

/** Merges what all files have of each service. A service that only releases name has no name and no host. */
export function mergeServices(
  facts: readonly ServiceFact[],
  releases: readonly FactOf<"release">[],
): ReadonlyMap<string, VendorService> {
  const known = byId(facts);
  const releasesById = grouped(releases, ({ service }) => service);
  const ids = [...new Set([...known.keys(), ...releasesById.keys()])].sort();
  return new Map(
    ids.map((id) => {
      const all = (known.get(id) ?? []).toSorted(byOrigin);
      const name = all.find((one) => one.name !== "")?.name ?? "";
      const defaultHosts = all.find(({ hosts }) => hosts.length > 0)?.hosts ?? [];
      return [id, { id, name, defaultHosts, released: releasedOf(all, releasesById.get(id) ?? []) }];
    }),
  );
}

/**
 * The released environments. Responses count more than a state, which is as old as its last refresh. Two kinds of responses that
 * disagree were made at different times: only what both call released is.
 */
function releasedOf(
  services: readonly ServiceFact[],
  releases: readonly FactOf<"release">[],
): ReadonlySet<string> | undefined {
  const responses = releases.filter(({ origin }) => origin === "response");
  const listed = services.flatMap(({ released }) => (released === undefined ? [] : [new Set(released)]));
  if (responses.length > 0) {
    const denied = new Set(responses.filter((one) => !one.isReleased).map(({ environment }) => environment));
    listed.push(
      new Set(responses.filter((one) => !denied.has(one.environment)).map((one) => one.environment)),
    );
  }
  const [first, ...rest] = listed;
  if (first) return new Set([...first].filter((name) => rest.every((other) => other.has(name))));
  return releases.length === 0 ? undefined : new Set(releases.map(({ environment }) => environment));
}
