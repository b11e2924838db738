import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { PathLabels } from "../../../../src/access/requests/pathLabels.ts";
import { patternOf } from "../../../../src/access/requests/pattern.ts";
import { rankOf } from "../../../../src/access/requests/ranks.ts";
import { type RankedPattern, representativesOf } from "../../../../src/access/requests/representatives.ts";
import { isSafePath } from "../../../../src/policy/pathSafety.ts";
import type { GrantedPath } from "../../../../src/projection/documents.ts";

const of = (type: GrantedPath["type"], value: string): GrantedPath => ({ type, value });

/** The patterns of several versions of a tree, each a group of its own. */
function patternsOf(versions: readonly (readonly GrantedPath[])[]): readonly RankedPattern[] {
  return versions.flatMap((paths, version) =>
    paths.map((path) => ({ ...patternOf(path), ranks: new Map([[String(version), rankOf(path)]]) })),
  );
}

const pathsFor = (...paths: readonly GrantedPath[]) =>
  representativesOf(patternsOf([paths])).map(({ path }) => path);

describe("the representatives of", () => {
  const cases: Record<string, [readonly GrantedPath[], readonly string[]]> = {
    "a path alone": [[of("Exact", "/a")], ["/a"]],
    "a prefix": [[of("PathPrefix", "/a")], ["/a"]],
    "a path below a prefix": [
      [of("PathPrefix", "/a"), of("Exact", "/a/b")],
      ["/a", "/a/b"],
    ],
    "a template beside another one": [
      [of("Template", "/a/{x}"), of("Template", "/{x}/b")],
      ["/a/x", "/x/b", "/a/b"],
    ],
    "a prefix by characters beside one by segments": [
      [of("TencentPath", "/a"), of("PathPrefix", "/a")],
      ["/a", "/a/", "/ax"],
    ],
    "variables that span segments": [
      [of("TencentPath", "/{x}/b"), of("TencentPath", "/a/{x}")],
      ["/a/x", "/x/b"],
    ],
    "a variable that a literal ends": [[of("TencentPath", "/{x}b/{y}")], ["/xb/x"]],
    "a path with escapes, of which no half is a path": [
      [of("Exact", "/caf%C3%A9"), of("PathPrefix", "/")],
      ["/", "/caf%C3%A9"],
    ],
    "a segment that begins with a dot, of which a part would be a dot segment": [
      [of("TencentPath", "/."), of("PathPrefix", "/")],
      ["/", "/.x"],
    ],
  };
  test.each(Object.entries(cases))("%s", (_, [paths, expected]) => {
    expect([...pathsFor(...paths)].sort()).toEqual([...expected].sort());
  });
});

test("variables that span segments do not double the representatives one by one", () => {
  const names = [..."abcdefghijkl"].map((letter) => letter.repeat(4));
  const paths = names.flatMap((name) => [
    of("TencentPath", `/users/{id}/${name}`),
    of("TencentPath", `/users/{id}/${name}/{item}`),
  ]);
  expect(pathsFor(...paths).length).toBeLessThan(200);
});

/** Every path of up to six characters of an alphabet. */
const ALL = (() => {
  const found = ["/"];
  for (const path of found) if (path.length < 6) found.push(...[..."abc/"].map((one) => path + one));
  return found.filter(isSafePath);
})();

test("whichever path decides for some request in each version decides for a representative", () => {
  const value = fc
    .array(fc.constantFrom("a", "b", "ab"), { minLength: 1, maxLength: 2 })
    .map((all) => `/${all.join("/")}`);
  const path: fc.Arbitrary<GrantedPath> = fc.oneof(
    value.map((one) => of("Exact", one)),
    fc.oneof(value, fc.constant("/")).map((one) => of("PathPrefix", one)),
    fc.constantFrom("/{x}", "/a/{x}", "/{x}/b", "/{x}/{y}").map((one) => of("Template", one)),
    fc
      .constantFrom("=/a", "^~/a", "^~/a/b", "/a", "/{x}", "/a/{x}", "/{x}/b", "/{x}b/{y}", "/a{x}/b")
      .map((one) => of("TencentPath", one)),
  );
  const version = fc.array(path, { maxLength: 4 });
  fc.assert(
    fc.property(version, version, (one, two) => {
      const labels = [one, two].map((paths) => new PathLabels(paths));
      const decides = (request: string) => JSON.stringify(labels.map((label) => label.of(request) ?? null));
      const all = new Set(ALL.map(decides));
      all.delete("[null,null]");
      const found = new Set(representativesOf(patternsOf([one, two])).map((each) => decides(each.path)));
      expect([...all].filter((pair) => !found.has(pair))).toEqual([]);
    }),
    { numRuns: 200 },
  );
});
