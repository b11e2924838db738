import { expect, test } from "@jest/globals";
import fc from "fast-check";
import { changeOf } from "../../../../src/policy/change/change.ts";
import { ProjectionIndex } from "../../../../src/policy/index/projectionIndex.ts";
import { placeIn } from "../../../../src/policy/place.ts";
import type {
  ApiDomainProjection,
  ApiGrantProjection,
  ApplicationProjection,
  GrantedApi,
} from "../../../../src/projection/documents.ts";
import { application, domain, grant, key, stored } from "../../../support/documents.ts";

const NOW = Date.parse("2026-01-02T00:00:00Z");
const TIMES = { now: NOW, horizon: NOW + 3_600_000 };
/** Before the horizon: until then a verifier with the old document may decide. */
const INSTANTS = [NOW, NOW + 1_800_000, TIMES.horizon - 1];
const HOSTS = ["a.example.com", "b.example.com"];
const METHODS = ["GET", "POST"];
const PATHS = ["/", "/a", "/a/b", "/a/b/c", "/b", "/test/a", "/test/a/b"];
const NAMES = ["mobile-app", "other"];

interface World {
  readonly application: ApplicationProjection;
  readonly grant: ApiGrantProjection;
  readonly domain: ApiDomainProjection;
}

const time = fc.constantFrom("2026-01-01T23:00:00Z", "2026-01-02T00:20:00Z", "2026-01-02T01:30:00Z");
const path = fc.oneof(
  fc.record({
    type: fc.constantFrom("Exact", "PathPrefix"),
    value: fc.constantFrom("/", "/a", "/a/b", "/b"),
  }),
  fc.record({
    type: fc.constant("TencentPath"),
    value: fc.constantFrom("=/a", "=/a/b", "^~/a", "^~/a/b", "/a/{x}", "/{x}/b", "/a{x}", "/a", "/a/", "/"),
  }),
  fc.record({ type: fc.constant("Template"), value: fc.constantFrom("/a/{x}", "/{x}/b", "/{x}") }),
);
const subset = <T>(all: readonly T[], minLength = 1) => fc.subarray([...all], { minLength });
const api = (name: string): fc.Arbitrary<GrantedApi> =>
  fc.record({
    name: fc.constant(name),
    hosts: subset([...HOSTS, "*.example.com"]),
    paths: fc.array(path, { minLength: 1, maxLength: 2 }),
    methods: subset(METHODS, 0),
  }) as fc.Arbitrary<GrantedApi>;
const optional = <T>(name: string, value: fc.Arbitrary<T>) =>
  fc.option(value, { nil: undefined, freq: 2 }).map((one) => (one === undefined ? {} : { [name]: one }));
const merged = (...parts: readonly fc.Arbitrary<object>[]) =>
  fc.tuple(...parts).map((list) => Object.assign({}, ...list));

const applications = merged(
  fc.record({ suspended: fc.boolean(), labels: fc.constantFrom({}, { tier: "a" }) }),
  optional("expiresAt", time),
  optional("retiresAt", time),
).map(({ retiresAt, ...rest }) =>
  application({ ...rest, keys: [key({ ...(retiresAt === undefined ? {} : { retiresAt }) })] }),
);
const grants = merged(
  fc.record({
    suspended: fc.boolean(),
    apis: fc.oneof(fc.tuple(api("one")), fc.tuple(api("one"), api("two"))),
    applications: subset(NAMES).map((names) => names.map((name) => ({ kind: "name" as const, name }))),
  }),
  optional("notBefore", time),
  optional("expiresAt", time),
).map((change) => grant(change));
const environments = [
  [{ name: "release", pathPrefix: "/" }],
  [
    { name: "release", pathPrefix: "/" },
    { name: "test", pathPrefix: "/test" },
  ],
];
const domains = fc
  .record({ hosts: subset([...HOSTS, "*.example.com"]), environments: fc.constantFrom(...environments) })
  .map((change) => domain(change));
const worlds: fc.Arbitrary<World> = fc.record({ application: applications, grant: grants, domain: domains });

type Edit = (before: ApiGrantProjection) => ApiGrantProjection;
const editApi = (at: number, edit: (api: GrantedApi) => GrantedApi): Edit => {
  return (before) => ({ ...before, apis: before.apis.map((one, index) => (index === at ? edit(one) : one)) });
};
/** Small changes: two grants at random hardly ever differ by an addition alone. */
const edits: fc.Arbitrary<Edit> = fc.oneof(
  api("new").map(
    (one): Edit =>
      (before) => ({ ...before, apis: [...before.apis, one] }),
  ),
  fc
    .tuple(fc.nat(1), path)
    .map(([at, more]) =>
      editApi(at, (one) => ({ ...one, paths: [...one.paths, more as GrantedApi["paths"][number]] })),
    ),
  fc.tuple(fc.nat(1), subset(METHODS, 0)).map(([at, methods]) => editApi(at, (one) => ({ ...one, methods }))),
  fc.tuple(fc.nat(1), subset(HOSTS)).map(([at, hosts]) => editApi(at, (one) => ({ ...one, hosts }))),
  optional("notBefore", time).map(
    (change): Edit =>
      ({ notBefore: _, ...before }) => ({ ...before, ...change }),
  ),
  optional("expiresAt", time).map(
    (change): Edit =>
      ({ expiresAt: _, ...before }) => ({ ...before, ...change }),
  ),
  fc.boolean().map(
    (suspended): Edit =>
      (before) => ({ ...before, suspended }),
  ),
);

/** What the one Application may call at an instant: host, path and method, by the tables that decisions are made from. */
function access(world: World, now: number): ReadonlySet<string> {
  const index = new ProjectionIndex();
  index.replace([stored(world.application), stored(world.grant), stored(world.domain)]);
  const found = new Set<string>();
  const caller = index.applications.key("APIDmobile", now)?.application;
  const ends = Date.parse(caller?.expiresAt ?? "9999-01-01T00:00:00Z");
  if (!caller || caller.suspended || now >= ends) return found;
  for (const host of HOSTS) {
    const owner = index.domains.ownerOf(host);
    for (const path of PATHS) {
      const place = owner && placeIn(owner, path);
      const matched =
        place && index.grants.match(host, place.environment, place.rest, (one) => owner.gives(one));
      index.grants.forEachMeantFor({ application: caller }, matched ?? [], (one, apis) => {
        for (const method of METHODS)
          if (
            one.isInForce(now) &&
            apis.some(({ methods }) => methods.length === 0 || methods.includes(method))
          )
            found.add(`${method} ${host}${path}`);
      });
    }
  }
  return found;
}

test("after an addition everything is allowed that was allowed before", () => {
  let additions = 0;
  const changes = fc.tuple(worlds, worlds, fc.constantFrom("application", "grant", "domain"));
  fc.assert(
    fc.property(changes, ([world, other, part]) => {
      const after = { ...world, [part]: other[part as keyof World] };
      const kind = part as keyof World;
      if (changeOf(world[kind], after[kind], TIMES) === "Removal") return;
      additions += 1;
      for (const now of INSTANTS)
        for (const request of access(world, now)) expect(access(after, now)).toContain(request);
    }),
    { numRuns: 4_000 },
  );
  expect(additions).toBeGreaterThan(100);
});

test("after an addition to a grant everything is allowed that was allowed before", () => {
  let additions = 0;
  fc.assert(
    fc.property(worlds, fc.array(edits, { minLength: 1, maxLength: 2 }), (world, list) => {
      const after = { ...world, grant: list.reduce((before, edit) => edit(before), world.grant) };
      if (changeOf(world.grant, after.grant, TIMES) === "Removal") return;
      additions += 1;
      for (const now of INSTANTS)
        for (const request of access(world, now)) expect(access(after, now)).toContain(request);
    }),
    { numRuns: 3_000 },
  );
  expect(additions).toBeGreaterThan(300);
});

test("an addition to what is there already is found to be one", () => {
  fc.assert(
    fc.property(worlds, api("new"), ({ grant: before }, more) => {
      const all = { ...more, methods: [] };
      expect(changeOf(before, { ...before, apis: [...before.apis, all] }, TIMES)).toBe("Addition");
    }),
    { numRuns: 300 },
  );
});
