import fc from "fast-check";
import type { Session } from "../session.ts";
import type { Grant, Subject } from "../world.ts";
import { Act } from "./act.ts";
import { type Acts, hosts, type Place, placed, rarely, textOf, tier, until } from "./places.ts";

const place = fc.constantFrom<Place>([0, "one"], [0, "two"], [1, "one"]);

type Meant =
  | { readonly name: string }
  | { readonly tier: string }
  | { readonly idOf: number; readonly pin: 0 | 1 | undefined };

const meant: fc.Arbitrary<Meant> = fc.oneof(
  fc.record({ name: fc.constantFrom("mobile", "web") }),
  fc.record({ tier }),
  fc.record({ idOf: fc.nat(5), pin: fc.constantFrom(undefined, 0 as const, 1 as const) }),
);

/** By an id of an Application that is there or was there, from the last on. */
function subjectOf(one: Meant, { world, names }: Session): Subject {
  if (!("idOf" in one)) return one;
  const ids = [...world.ids.keys()];
  const applicationId = ids[ids.length - 1 - (one.idOf % Math.max(ids.length, 1))] ?? "app-nobody00";
  return { applicationId, ...(one.pin === undefined ? {} : { namespace: names.namespaces[one.pin] }) };
}

const path = fc.constantFrom<Grant["path"]>(
  { type: "PathPrefix", value: "/" },
  { type: "PathPrefix", value: "/orders" },
  { type: "Exact", value: "/orders/7" },
  { type: "TencentPath", value: "^~/order" },
  { type: "TencentPath", value: "/orders/{id}" },
);

/** Creates it, or edits it, which cannot change the environment. */
export const putGrant: Acts = fc
  .record({
    place,
    environment: fc.constantFrom("release", "release", "test"),
    hosts,
    path,
    subjects: fc.array(meant, { minLength: 1, maxLength: 2 }),
    suspended: rarely,
    enforcement: rarely.map((isShadow) => (isShadow ? "Shadow" : "Enforce")),
    expiresInMs: fc.constantFrom(Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY, 3_600_000),
    until,
  })
  .map(({ place: where, until: wait, ...drawn }) => {
    const at = textOf(where);
    return new Act(`put ApiGrant ${at} ${JSON.stringify(drawn)}`, wait, async (session) => {
      const { names, world } = session;
      const { environment, expiresInMs, ...change } = drawn;
      await session.putGrant(at, {
        ...placed(names, where),
        ...change,
        environment: world.grants.get(at)?.environment ?? environment,
        hosts: change.hosts.map((which) => names[which]),
        subjects: change.subjects.map((one) => subjectOf(one, session)),
        expiresAt: session.line.now() + expiresInMs,
      });
    });
  });

export const deleteGrant: Acts = fc.record({ place, until }).map(({ place: where, until: wait }) => {
  const at = textOf(where);
  const isThere: Act["check"] = ({ grants }) => grants.has(at);
  return new Act(`delete ApiGrant ${at}`, wait, (session) => session.deleteGrant(at), isThere);
});
