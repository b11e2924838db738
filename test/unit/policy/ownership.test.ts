import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { byAge, DomainTable, environmentOf, gives } from "../../../src/policy/ownership.ts";
import type { ApiDomainProjection } from "../../../src/projection/documents.ts";
import { domain } from "../../support/documents.ts";

const of = (name: string, hosts: readonly string[], createdAt = "2026-01-01T00:00:00Z") =>
  domain({ name, hosts, createdAt });
const ownerOf = (hostOrPattern: string, domains: readonly ApiDomainProjection[]) =>
  DomainTable.of(domains).ownerOf(hostOrPattern)?.name;

describe("the owner", () => {
  const exact = of("exact", ["api.shop.example.com"]);
  const near = of("near", ["*.shop.example.com"]);
  const wide = of("wide", ["*.example.com"]);
  const cases: Record<string, [string, readonly ApiDomainProjection[], string | undefined]> = {
    "of a host is who has the host itself": ["api.shop.example.com", [wide, near, exact], "exact"],
    "of a host is who has the nearest wildcard": ["pay.shop.example.com", [wide, near, exact], "near"],
    "of a host of several labels may have a wildcard": ["a.b.shop.example.com", [wide, near], "near"],
    "of the host of a wildcard has a wider one": ["shop.example.com", [wide, near], "wide"],
    "of a wildcard is who has it": ["*.shop.example.com", [wide, near, exact], "near"],
    "of a wildcard that nobody has is who has a wider one": ["*.pay.example.com", [wide, near], "wide"],
    "of a wildcard is not who has one host under it": ["*.shop.example.com", [exact], undefined],
    "of a wildcard is not who has its host": ["*.example.com", [of("apex", ["example.com"])], undefined],
    "of a host that nobody has is missing": ["example.org", [wide, near, exact], undefined],
  };
  test.each(Object.entries(cases))("%s", (_, [asked, domains, expected]) => {
    expect(ownerOf(asked, domains)).toBe(expected);
    expect(ownerOf(asked, domains.toReversed())).toBe(expected);
  });

  const older = of("older", ["api.example.com", "b.example.com"]);
  const younger = of("younger", ["api.example.com", "c.example.com"], "2026-01-02T00:00:00Z");

  test("of a host that two have is the older, who takes nothing else from the younger", () => {
    const table = DomainTable.of([younger, older]);
    expect(table.ownerOf("api.example.com")?.name).toBe("older");
    expect(table.ownerOf("c.example.com")?.name).toBe("younger");
    expect([table.lostHosts(older), table.lostHosts(younger)]).toEqual([[], ["api.example.com"]]);
  });

  test("of a host that two have is the younger once the older is removed", () => {
    const table = DomainTable.of([older, younger]);
    table.remove(older);
    expect(table.ownerOf("api.example.com")?.name).toBe("younger");
    expect(table.ownerOf("b.example.com")).toBeUndefined();
    expect([table.lostHosts(younger), table.size]).toEqual([[], 1]);
  });
});

test("the first by age is the oldest, then the first by name, whatever their order", () => {
  const at = (seconds: number) => new Date(seconds * 1_000).toISOString();
  const one = fc.record({ createdAt: fc.integer({ min: 0, max: 3 }).map(at), name: fc.string() });
  fc.assert(
    fc.property(fc.array(one, { minLength: 1 }), (list) => {
      const [first] = [...list].sort(byAge);
      const oldest = list.map(({ createdAt }) => createdAt).sort()[0];
      const names = list.filter(({ createdAt }) => createdAt === oldest).map(({ name }) => name);
      expect(first).toEqual({ createdAt: oldest, name: names.sort()[0] });
    }),
  );
  expect(byAge({ createdAt: "2026-01-01T01:00:00+02:00", name: "a" }, of("a", []))).toBeLessThan(0);
});

test("a domain gives its hosts to the namespaces that it names, or whose labels it selects", () => {
  const shop = { namespace: "team-shop", namespaceLabels: { team: "shop" } };
  const pay = { namespace: "team-pay", namespaceLabels: {} };
  const named = domain({ namespaces: { kind: "names", names: ["team-shop"] } });
  const selecting = domain({
    namespaces: { kind: "selector", selector: { matchLabels: { team: "shop" } } },
  });
  for (const one of [named, selecting]) expect([gives(one, shop), gives(one, pay)]).toEqual([true, false]);
});

describe("a path is in", () => {
  const prefixes = (...list: readonly string[]) =>
    domain({ environments: list.map((pathPrefix) => ({ name: pathPrefix, pathPrefix })) });
  const all = prefixes("/", "/test", "/test/v2");
  const cases: Record<string, [ApiDomainProjection, string, readonly [string, string] | undefined]> = {
    "the environment of / when no other has it": [all, "/orders", ["/", "/orders"]],
    "the environment whose prefix it begins with": [all, "/test/orders", ["/test", "/orders"]],
    "the one with the longest prefix": [all, "/test/v2/orders", ["/test/v2", "/orders"]],
    "the one whose prefix it is, with / behind it": [all, "/test", ["/test", "/"]],
    "the one whose prefix it is, with a slash": [all, "/test/", ["/test", "/"]],
    "no environment by a part of a segment": [all, "/testing", ["/", "/testing"]],
    "no environment in another case": [all, "/Test/orders", ["/", "/Test/orders"]],
    "none at all where no prefix is its own": [prefixes("/test"), "/orders", undefined],
  };
  test.each(Object.entries(cases))("%s", (_, [one, path, expected]) => {
    const found = environmentOf(one, path);
    expect(found && [found.environment.name, found.rest]).toEqual(expected);
  });
});
