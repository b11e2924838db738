import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { objectKey, projectionName } from "../../../src/api/names.ts";

describe("the name of a projection", () => {
  test.each([
    ["Application", "team-shop", "mobile-app", "application.team-shop.mobile-app"],
    ["ApiGrant", "team-shop", "partners", "grant.team-shop.partners"],
    ["ApiDomain", "", "shop", "domain.shop"],
  ] as const)("of the %s %s/%s is %s", (kind, namespace, name, expected) => {
    expect(projectionName(kind, namespace, name)).toBe(expected);
  });

  test("differs for any two objects, whose names may hold dots", () => {
    // So few that two objects often share some of their parts.
    const label = fc.constantFrom("a", "b", "grant");
    const name = fc.array(label, { minLength: 1, maxLength: 3 }).map((labels) => labels.join("."));
    const object = fc.oneof(
      fc.tuple(fc.constantFrom("Application", "ApiGrant"), label, name),
      fc.tuple(fc.constant("ApiDomain"), fc.constant(""), name),
    ) as fc.Arbitrary<["Application" | "ApiGrant" | "ApiDomain", string, string]>;
    fc.assert(
      fc.property(object, object, (a, b) => {
        expect(projectionName(...a) === projectionName(...b)).toBe(a.join("/") === b.join("/"));
      }),
      { numRuns: 2_000 },
    );
  });
});

test("the key of an object is namespace/name, or the name of one without a namespace", () => {
  expect([objectKey("team-shop", "a"), objectKey("", "a"), objectKey(undefined, "a")]).toEqual([
    "team-shop/a",
    "a",
    "a",
  ]);
});
