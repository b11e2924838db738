import fc from "fast-check";
import type { Documents } from "../../src/access/documents.ts";
import { PATH_TYPES } from "../../src/api/vocabulary.ts";
import type {
  ApiDomainProjection,
  ApiGrantProjection,
  ApplicationProjection,
  GrantedApi,
  GrantedPath,
} from "../../src/projection/documents.ts";
import { application, domain, grant, key } from "./documents.ts";

/** Small trees in which paths, hosts, environments and selectors often meet, and requests to their places. */

/** The instant of all decisions; some objects of the trees expire before it. */
export const NOW = Date.parse("2026-11-24T09:00:00Z");
const [PAST, FUTURE] = ["2026-11-01T00:00:00Z", "2026-12-01T00:00:00Z"];
const NAMESPACES = ["team-a", "team-b"] as const;

const segment = fc.constantFrom("a", "b", "ab", "test");
const literalPath = fc.array(segment, { minLength: 1, maxLength: 3 }).map((all) => `/${all.join("/")}`);
const template = fc
  .array(fc.oneof(segment, fc.constant("{id}")), { minLength: 1, maxLength: 3 })
  .map((all) => `/${all.join("/")}`);
const slash = fc.constantFrom("", "", "", "/");
const pathValues: Readonly<Record<(typeof PATH_TYPES)[number], fc.Arbitrary<string>>> = {
  PathPrefix: fc.oneof(fc.constant("/"), literalPath),
  Exact: fc.oneof(
    fc.constant("/"),
    fc.tuple(literalPath, slash).map((parts) => parts.join("")),
  ),
  TencentPath: fc
    .tuple(
      fc.constantFrom("", "", "=", "^~"),
      literalPath,
      fc.constantFrom("", "/", "/{id}", "/{id}/a", "{id}b"),
      slash,
    )
    .map(([mark, start, end, last]) => `${mark}${start}${mark === "" ? end : ""}${last}`),
  Template: fc.tuple(template, slash).map((parts) => parts.join("")),
};
const path: fc.Arbitrary<GrantedPath> = fc
  .constantFrom(...PATH_TYPES)
  .chain((type) => pathValues[type].map((value) => ({ type, value })));

const hostPattern = fc.constantFrom("a.x", "b.x", "q.a.x", "*.x", "*.a.x");
const methods = fc.uniqueArray(fc.constantFrom("GET", "POST", "PUT"), { maxLength: 2 });
const api: fc.Arbitrary<GrantedApi> = fc.record({
  name: fc.constantFrom("one", "two"),
  hosts: fc.uniqueArray(hostPattern, { minLength: 1, maxLength: 2 }),
  paths: fc.array(path, { minLength: 1, maxLength: 2 }),
  methods,
});

const NAMES = ["red", "blue"] as const;
const ID_OF: Readonly<Record<string, string>> = {
  "team-a/red": "app-aaaaared",
  "team-a/blue": "app-aaaablue",
  "team-b/red": "app-bbbbbred",
  "team-b/blue": "app-bbbbblue",
};
const selector = fc.constantFrom(
  { matchLabels: { tier: "gold" } },
  { matchExpressions: [{ key: "tier", operator: "DoesNotExist" as const }] },
);
const granted: fc.Arbitrary<ApiGrantProjection["applications"][number]> = fc.oneof(
  fc.constantFrom(...NAMES).map((name) => ({ kind: "name" as const, name })),
  selector.map((one) => ({ kind: "selector" as const, selector: one })),
  fc.record(
    {
      kind: fc.constant("id" as const),
      applicationId: fc.constantFrom(...Object.values(ID_OF), "app-partner1"),
      namespace: fc.constantFrom(...NAMESPACES),
    },
    { requiredKeys: ["kind", "applicationId"] },
  ),
);
const namespaceLabels = { "team-a": { side: "left" }, "team-b": { side: "right" } } as const;

const grantDocument: fc.Arbitrary<ApiGrantProjection> = fc
  .record({
    namespace: fc.constantFrom(...NAMESPACES),
    environment: fc.constantFrom("release", "release", "test"),
    apis: fc.array(api, { minLength: 1, maxLength: 2 }),
    applications: fc.array(granted, { minLength: 1, maxLength: 2 }),
    suspended: fc.constantFrom(false, false, false, true),
    times: fc.constantFrom({}, {}, {}, { notBefore: FUTURE }, { expiresAt: PAST }, { expiresAt: FUTURE }),
    createdAt: fc.constantFrom("2026-01-01T00:00:00Z", "2026-02-01T00:00:00Z"),
    shadow: fc.constantFrom({}, {}, {}, { enforcement: "Shadow" as const }),
  })
  .map(({ times, shadow, namespace, ...rest }) =>
    grant({ ...rest, ...times, ...shadow, namespace, namespaceLabels: namespaceLabels[namespace] }),
  );

const environments = fc.constantFrom<ApiDomainProjection["environments"]>(
  [{ name: "release", pathPrefix: "/" }],
  [
    { name: "release", pathPrefix: "/" },
    { name: "test", pathPrefix: "/test" },
  ],
  [
    { name: "release", pathPrefix: "/a" },
    { name: "test", pathPrefix: "/b" },
  ],
  [
    { name: "release", pathPrefix: "/" },
    { name: "release", pathPrefix: "/ab" },
  ],
);
const domainDocument: fc.Arbitrary<ApiDomainProjection> = fc
  .record({
    hosts: fc.uniqueArray(hostPattern, { minLength: 1, maxLength: 2 }),
    namespaces: fc.constantFrom<ApiDomainProjection["namespaces"]>(
      { kind: "names", names: ["team-a"] },
      { kind: "names", names: ["team-a", "team-b"] },
      { kind: "selector", selector: { matchLabels: { side: "right" } } },
    ),
    environments,
    createdAt: fc.constantFrom("2026-01-01T00:00:00Z", "2026-02-01T00:00:00Z"),
  })
  .map((fields) => domain(fields));

const APPLICATIONS = NAMESPACES.flatMap((namespace) => NAMES.map((name) => ({ namespace, name })));
const applicationDocuments: fc.Arbitrary<readonly ApplicationProjection[]> = fc
  .tuple(
    ...APPLICATIONS.map((names) =>
      fc
        .record({
          suspended: fc.constantFrom(false, false, false, true),
          labels: fc.constantFrom({}, { tier: "gold" }),
          times: fc.constantFrom({}, {}, {}, { expiresAt: PAST }, { expiresAt: FUTURE }),
        })
        .map(({ times, ...rest }) => applicationOf(names, { ...rest, ...times })),
    ),
  )
  .chain((all) => fc.subarray(all, { minLength: 3 }));

function applicationOf(
  { namespace, name }: (typeof APPLICATIONS)[number],
  change: Partial<ApplicationProjection>,
): ApplicationProjection {
  return application({
    ...{
      namespace,
      name,
      uid: `uid-${namespace}-${name}`,
      applicationId: ID_OF[`${namespace}/${name}`] ?? "",
    },
    keys: [key({ apiAppKey: keyIdOf(namespace, name) })],
    ...change,
  });
}

/** The ApiAppKey of an Application of the trees. All have the secret of `key()`. */
export function keyIdOf(namespace: string, name: string): string {
  return `APID-${namespace}-${name}`;
}

/** The documents of a random tree. Ids are known, as in a cluster. */
export const tree: fc.Arbitrary<Documents> = fc.record({
  applications: applicationDocuments,
  domains: fc.array(domainDocument, { minLength: 1, maxLength: 2 }).map((all) => named("domain", all)),
  grants: fc.array(grantDocument, { minLength: 1, maxLength: 4 }).map((all) => named("grant", all)),
});

/** A tree and a changed one: some objects of one kind are replaced, added or removed. */
export const change: fc.Arbitrary<readonly [Documents, Documents]> = fc
  .tuple(tree, tree, fc.constantFrom("applications", "domains", "grants", "grants", "none"), fc.nat(3))
  .map(([old, other, what, at]): readonly [Documents, Documents] => {
    if (what === "none") return [old, { ...old, grants: [...old.grants].reverse() }];
    if (what !== "grants") return [old, { ...old, [what]: other[what as "domains"] }];
    const grants = old.grants.filter((_, index) => index !== at);
    return [old, { ...old, grants: named("grant", [...grants, ...other.grants.slice(0, at % 2)]) }];
  });

function named<T extends { readonly name: string; readonly uid: string }>(
  prefix: string,
  all: readonly T[],
): readonly T[] {
  return all.map((one, index) => ({ ...one, name: `${prefix}-${index}`, uid: `uid-${prefix}-${index}` }));
}

const requestSegment = fc.constantFrom("a", "b", "ab", "abc", "test", "z", "%61", "a%62", "%74est");
/** Requests to places near those of the trees, some of them in spellings that an upstream may decode. */
export const request = fc.record({
  method: fc.constantFrom("GET", "POST", "PUT", "PATCH"),
  host: fc.constantFrom("a.x", "b.x", "c.x", "q.a.x", "r.a.x", "s.q.a.x", "x"),
  path: fc
    .tuple(fc.array(requestSegment, { maxLength: 4 }), slash)
    .map(([all, end]) => `/${all.join("/")}${all.length > 0 ? end : ""}`),
});
