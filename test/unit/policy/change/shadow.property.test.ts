import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { changeOf } from "../../../../src/policy/change/change.ts";
import type { ApiGrantProjection, GrantedApi, Projection } from "../../../../src/projection/documents.ts";
import { ask, indexOf, NOW } from "../../../support/decisions.ts";
import { application, domain, grant, key } from "../../../support/documents.ts";

const TIMES = { now: NOW, horizon: NOW + 3_600_000 };
const HOST = "api.shop.example.com";
const PATHS = ["/a", "/a/b", "/b"];
const other = application({
  name: "other-app",
  uid: "uid-other",
  applicationId: "app-other000",
  keys: [key({ apiAppKey: "APIDother" })],
});
const CALLERS = [{}, { keyId: "APIDother" }, { unsigned: true }];

const path = fc.record({
  type: fc.constantFrom("Exact" as const, "PathPrefix" as const),
  value: fc.constantFrom("/", "/a", "/a/b", "/b"),
});
const api: fc.Arbitrary<GrantedApi> = fc
  .array(path, { minLength: 1, maxLength: 2 })
  .map((paths) => ({ name: "api", hosts: [HOST], paths, methods: [] }));
const grants = fc
  .record({
    api,
    isShadow: fc.boolean(),
    suspended: fc.constantFrom(false, false, true),
    application: fc.constantFrom("mobile-app", "other-app"),
    ends: fc.option(fc.constant("2026-11-24T09:30:00Z"), { nil: undefined }),
  })
  .map(
    ({ api: one, isShadow, suspended, application: name, ends }): ApiGrantProjection => ({
      ...grant({ suspended, apis: [one], applications: [{ kind: "name", name }] }),
      ...(isShadow ? { enforcement: "Shadow" } : {}),
      ...(ends === undefined ? {} : { expiresAt: ends }),
    }),
  );
type Edit = (before: ApiGrantProjection) => ApiGrantProjection;
const edits: fc.Arbitrary<Edit> = fc.oneof(
  grants.map(
    (other): Edit =>
      () =>
        other,
  ),
  fc.constant<Edit>(({ enforcement: _, ...rest }) => rest),
  fc.constant<Edit>((before) => ({ ...before, enforcement: "Shadow" })),
  fc.constant<Edit>((before) => ({ ...before, suspended: false })),
  path.map(
    (one): Edit =>
      (before) => ({ ...before, apis: before.apis.map((old) => ({ ...old, paths: [...old.paths, one] })) }),
  ),
);

function pathsOf({ apis }: ApiGrantProjection): readonly string[] {
  return apis.flatMap(({ paths }) => paths.map(({ type, value }) => `${type} ${value}`));
}

/** Each caller and path that is allowed, by the grants or in Shadow mode. */
function reached(documents: readonly Projection[]): readonly string[] {
  const index = indexOf(documents);
  return PATHS.flatMap((one) =>
    CALLERS.filter((caller) => {
      const decision = ask(index, { ...caller, path: one });
      return decision.kind === "allow" || decision.enforcement === "Shadow";
    }).map((caller) => `${JSON.stringify(caller)} ${one}`),
  );
}

test("after an addition to a grant, Enforce or Shadow, every caller reaches what it reached before", () => {
  let additions = 0;
  const neighbours = fc.option(
    grants.map((one) => ({ ...one, name: "neighbour", uid: "uid-neighbour" })),
    { nil: undefined },
  );
  fc.assert(
    fc.property(grants, edits, neighbours, (before, edit, neighbour) => {
      const after = edit(before);
      if (changeOf(before, after, TIMES) === "Removal") return;
      additions += 1;
      // A path that is new in the grant may take requests from a neighbour, which changeOf does not look at.
      const known = new Set(pathsOf(before));
      const isWider = pathsOf(after).some((one) => !known.has(one));
      const beside = [application(), other, domain(), ...(neighbour && !isWider ? [neighbour] : [])];
      expect(reached([...beside, after])).toEqual(expect.arrayContaining([...reached([...beside, before])]));
    }),
    { numRuns: 2_000 },
  );
  expect(additions).toBeGreaterThan(200);
});

describe("a change of the enforcement", () => {
  const enforcing = grant();
  const shadow = grant({ enforcement: "Shadow" });
  const cases: Record<string, readonly [ApiGrantProjection, ApiGrantProjection, string]> = {
    "from Shadow to Enforce is a removal": [shadow, enforcing, "Removal"],
    "from Shadow to Enforce is a removal even if the Shadow grant was suspended": [
      { ...shadow, suspended: true },
      enforcing,
      "Removal",
    ],
    "from Enforce to Shadow is a removal: another grant of the path may not name the callers": [
      enforcing,
      shadow,
      "Removal",
    ],
    "none between two Shadow grants of which the second ends later is an addition": [
      { ...shadow, expiresAt: "2026-11-24T09:30:00Z" },
      shadow,
      "Addition",
    ],
    "none between two Shadow grants of which the second is suspended is a removal": [
      shadow,
      { ...shadow, suspended: true },
      "Removal",
    ],
  };
  test.each(Object.entries(cases))("%s", (_, [before, after, expected]) => {
    expect(changeOf(before, after, TIMES)).toBe(expected);
  });

  test("from Enforce to Shadow takes the path from callers that another Enforce grant does not name", () => {
    const wider = grant({ name: "wider", applications: [{ kind: "name", name: "other-app" }] });
    const world = [application(), other, domain(), wider];
    expect(ask([...world, enforcing]).kind).toBe("allow");
    expect(ask([...world, shadow])).toMatchObject({ kind: "deny", enforcement: "Enforce" });
  });
});
