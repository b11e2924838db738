import fc from "fast-check";
import type { Part } from "../line.ts";
import type { Session } from "../session.ts";
import { Act } from "./act.ts";
import { FOREIGN, MOBILE, NEW_APPLICATION, onApplication, putApplication } from "./applications.ts";
import { deleteDomain, LAYOUTS, putDomain } from "./domains.ts";
import { deleteGrant, putGrant } from "./grants.ts";
import { type Acts, placed, textOf, until } from "./places.ts";

/** Everything that is done to a line; what is named twice comes twice as often. */
export function commands(): Acts[] {
  const onGrant = [putGrant, putGrant, deleteGrant];
  const onDomain = [putDomain, putDomain, deleteDomain];
  return [putApplication, onApplication, onApplication, onApplication, ...onGrant, ...onDomain, onLine];
}

/** Keys and grants end after an hour; no sum of these steps comes within ten minutes of it. */
const onLine: Acts = fc.oneof(
  fc
    .record({ part: fc.constantFrom<Part>("operator", "verifier"), until })
    .map(({ part, until: wait }) => new Act(`restart ${part}`, wait, ({ line }) => line.restart(part))),
  fc
    .record({ minutes: fc.constantFrom(25, 90), until })
    .map(
      ({ minutes, until: wait }) =>
        new Act(`${minutes} minutes pass`, wait, (session) => session.pass(minutes * 60_000)),
    ),
);

/** A world in which somebody may call something, before anything random is done to it. */
export async function furnish(session: Session): Promise<void> {
  const { names } = session;
  const { namespaces, exact, wildcard } = names;
  const hosts = [exact, wildcard];
  await session.putDomain("0", { name: names.domain(0), hosts, namespaces, environments: LAYOUTS[0] });
  for (const place of [MOBILE, FOREIGN]) {
    const content = { ...NEW_APPLICATION, ...placed(names, place), suspended: false, tier: "gold" };
    await session.putApplication(textOf(place), content);
  }
  await session.importPair(textOf(FOREIGN), undefined);
  await session.rest();
  const [, partner = ""] = session.world.ids.keys();
  await session.putGrant("a/one", {
    ...placed(names, [0, "one"]),
    environment: "release",
    hosts,
    path: { type: "PathPrefix", value: "/" },
    subjects: [{ name: "mobile" }, { applicationId: partner }],
    suspended: false,
    enforcement: "Enforce",
    expiresAt: Number.POSITIVE_INFINITY,
  });
  await session.rest();
}
