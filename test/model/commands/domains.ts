import fc from "fast-check";
import { Act } from "./act.ts";
import { type Acts, hosts, until } from "./places.ts";

const place = fc.constantFrom(0, 1, 2);

export const LAYOUTS = [
  [
    { name: "release", pathPrefix: "/" },
    { name: "test", pathPrefix: "/test" },
  ],
  [{ name: "test", pathPrefix: "/" }],
  [{ name: "release", pathPrefix: "/test" }],
] as const;

/** Creates it, or edits it. */
export const putDomain: Acts = fc
  .record({
    place,
    hosts,
    teams: fc.constantFrom<readonly (0 | 1)[]>([0], [1], [0, 1]),
    layout: fc.constantFrom<0 | 1 | 2>(0, 0, 0, 1, 2),
    until,
  })
  .map(
    ({ place: where, until: wait, ...drawn }) =>
      new Act(`put ApiDomain ${where} ${JSON.stringify(drawn)}`, wait, async (session) => {
        const { names } = session;
        await session.putDomain(String(where), {
          name: names.domain(where),
          hosts: drawn.hosts.map((which) => names[which]),
          namespaces: drawn.teams.map((team) => names.namespaces[team]),
          environments: LAYOUTS[drawn.layout],
        });
      }),
  );

export const deleteDomain: Acts = fc.record({ place, until }).map(({ place: where, until: wait }) => {
  const at = String(where);
  const isThere: Act["check"] = ({ domains }) => domains.has(at);
  return new Act(`delete ApiDomain ${at}`, wait, (session) => session.deleteDomain(at), isThere);
});
