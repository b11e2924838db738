import { afterEach, describe, expect, jest, test } from "@jest/globals";
import fc from "fast-check";
import { GrantEntry } from "../../../../src/policy/index/grantEntry.ts";
import { GrantTable, type MatchedGrants } from "../../../../src/policy/index/grants.ts";
import type {
  ApiGrantProjection,
  GrantedApplication,
  GrantedPath,
} from "../../../../src/projection/documents.ts";
import { application, grant } from "../../../support/documents.ts";

const HOST = "api.shop.example.com";
const everywhere = () => true;

function tableOf(grants: readonly ApiGrantProjection[]): GrantTable {
  const table = new GrantTable();
  for (const [at, document] of grants.entries()) table.add(`${at} ${document.name}`, document);
  return table;
}

const namesOf = (found: MatchedGrants | undefined) =>
  found?.flatMap((grants) => [...grants.keys()].map(({ document }) => document.name)).sort();

describe("the grants of a request are those", () => {
  /** A grant that is named by what it grants, such as `*.example.com PathPrefix /`. */
  function of(name: string, environment = "release"): ApiGrantProjection {
    const [host = "", type, value = ""] = name.split(" ");
    const path = { type: type as GrantedPath["type"], value };
    return grant({ name, environment, apis: [{ name: "api", hosts: [host], paths: [path], methods: [] }] });
  }
  const cases: Record<string, [readonly ApiGrantProjection[], readonly string[] | undefined]> = {
    "of its host": [[of(`${HOST} PathPrefix /`)], [`${HOST} PathPrefix /`]],
    "of a wildcard of its host": [[of("*.example.com PathPrefix /")], ["*.example.com PathPrefix /"]],
    "of host and wildcard together, where their paths are equally specific": [
      [of(`${HOST} PathPrefix /orders`), of("*.example.com PathPrefix /orders")],
      ["*.example.com PathPrefix /orders", `${HOST} PathPrefix /orders`],
    ],
    "of a wildcard alone, where its path is more specific": [
      [of(`${HOST} PathPrefix /`), of("*.example.com Exact /orders")],
      ["*.example.com Exact /orders"],
    ],
    "of a wildcard alone, where its template has a literal further left": [
      [of(`${HOST} Template /{x}`), of("*.example.com Template /orders")],
      ["*.example.com Template /orders"],
    ],
    "of a wildcard alone, where its prefix is longer": [
      [of(`${HOST} PathPrefix /`), of("*.example.com PathPrefix /orders")],
      ["*.example.com PathPrefix /orders"],
    ],
    "of no other host": [[of("pay.shop.example.com PathPrefix /")], undefined],
    "of no other environment": [[of(`${HOST} PathPrefix /`, "test")], undefined],
  };
  test.each(Object.entries(cases))("%s", (_, [grants, expected]) => {
    const found = tableOf(grants).match(HOST, "release", "/orders", everywhere);
    expect(namesOf(found)).toEqual(expected);
  });

  test("that were not removed", () => {
    const table = tableOf([grant({ name: "a" }), grant({ name: "b" })]);
    table.remove("0 a");
    table.remove("0 a");
    expect(namesOf(table.match(HOST, "release", "/orders", everywhere))).toEqual(["b"]);
    expect(table.size).toBe(1);
    table.remove("1 b");
    expect(table.match(HOST, "release", "/orders", everywhere)).toBeUndefined();
  });
});

describe("among the grants of one path, those that are meant for the caller", () => {
  const caller = application({ labels: { tier: "internal" } });
  function namesMeantFor(table: GrantTable): string[] {
    const matched = table.match(HOST, "release", "/orders", everywhere) ?? [];
    const names: string[] = [];
    table.forEachMeantFor({ application: caller }, matched, ({ document }) => names.push(document.name));
    return names;
  }
  const entry: fc.Arbitrary<GrantedApplication> = fc.oneof(
    fc.constantFrom("mobile-app", "web-app").map((name) => ({ kind: "name", name }) as const),
    fc
      .constantFrom("internal", "external")
      .map((tier) => ({ kind: "selector", selector: { matchLabels: { tier } } }) as const),
    fc
      .constantFrom("app-mobile00", "app-other000")
      .map((applicationId) => ({ kind: "id", applicationId }) as const),
    fc
      .constantFrom("team-shop", "team-pay")
      .map((namespace) => ({ kind: "id", applicationId: "app-mobile00", namespace }) as const),
  );
  const document = fc.record({
    applications: fc.array(entry, { maxLength: 2 }),
    namespace: fc.constantFrom("team-shop", "team-pay"),
  });

  test.each([
    ["16 or fewer", 0, 16],
    ["17 or more", 17, 40],
  ])("are those that isMeantFor selects, among %s", (_, minLength, maxLength) => {
    fc.assert(
      fc.property(fc.array(document, { minLength, maxLength }), (list) => {
        const grants = list.map((one, at) => grant({ name: `g${at}`, ...one }));
        const table = tableOf(grants);
        const found = namesMeantFor(table);
        const expected = grants.filter((one) => new GrantEntry(one).isMeantFor(caller));
        expect(found.sort()).toEqual(expected.map(({ name }) => name).sort());
      }),
    );
  });

  test("are the same after other grants came and went", () => {
    const many = fc.array(document, { minLength: 10, maxLength: 30 });
    fc.assert(
      fc.property(many, many, fc.nat(30), (list, gone, kept) => {
        const grants = list.map((one, at) => grant({ name: `g${at}`, ...one }));
        const others = gone.map((one, at) => grant({ name: `x${at}`, ...one }));
        const table = tableOf([...grants.slice(0, kept), ...others]);
        for (const [at, { name }] of others.entries())
          table.remove(`${Math.min(kept, grants.length) + at} ${name}`);
        for (const [at, one] of grants.slice(kept).entries()) table.add(`again ${at}`, one);
        const expected = grants.filter((one) => new GrantEntry(one).isMeantFor(caller));
        expect(namesMeantFor(table).sort()).toEqual(expected.map(({ name }) => name).sort());
      }),
    );
  });

  describe("cost", () => {
    afterEach(() => {
      jest.restoreAllMocks();
    });

    /** How many grants are looked at for the caller, of so many that name others and one that names it. */
    function lookedAt(others: number): number {
      const list = Array.from({ length: others }, (_, at) =>
        grant({ name: `g${at}`, applications: [{ kind: "name", name: `app-${at}` }] }),
      );
      const table = tableOf([...list, grant({ name: "own" })]);
      const looks = jest.spyOn(GrantEntry.prototype, "isMeantFor");
      expect(namesMeantFor(table)).toEqual(["own"]);
      return looks.mock.calls.length;
    }

    test("one isMeantFor for each grant, up to 16 grants", () => {
      expect(lookedAt(15)).toBe(16);
    });

    test("one isMeantFor for each grant that names the caller, from 17 grants on", () => {
      expect(lookedAt(16)).toBe(1);
      jest.restoreAllMocks();
      expect(lookedAt(2_000)).toBe(1);
    });
  });
});
