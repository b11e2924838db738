import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { DomainEntry } from "../../../../src/policy/index/domainEntry.ts";
import { byAge, DomainTable } from "../../../../src/policy/index/ownership.ts";
import { placeIn } from "../../../../src/policy/place.ts";
import type { ApiDomainProjection } from "../../../../src/projection/documents.ts";
import { domain } from "../../../support/documents.ts";

const of = (name: string, hosts: readonly string[], createdAt = "2026-01-01T00:00:00Z") =>
  domain({ name, hosts, createdAt });
const ownerOf = (hostOrPattern: string, domains: readonly ApiDomainProjection[]) =>
  DomainTable.of(domains).ownerOf(hostOrPattern)?.name;

describe("the owner", () => {
  const exact = of("exact", ["api.shop.example.com"]);
  const near = of("near", ["*.shop.example.com"]);
  const wide = of("wide", ["*.example.com"]);
  const cases: Record<string, [string, readonly ApiDomainProjection[], string | undefined]> = {
    "of a host is the domain that lists the host itself": [
      "api.shop.example.com",
      [wide, near, exact],
      "exact",
    ],
    "of a host is otherwise the domain with the longest wildcard": [
      "pay.shop.example.com",
      [wide, near, exact],
      "near",
    ],
    "of a host can be a wildcard that covers several labels": ["a.b.shop.example.com", [wide, near], "near"],
    "of a wildcard's own suffix is a wider wildcard, since the wildcard does not cover it": [
      "shop.example.com",
      [wide, near],
      "wide",
    ],
    "of a wildcard is the domain that lists it": ["*.shop.example.com", [wide, near, exact], "near"],
    "of a wildcard is otherwise the domain with a wider wildcard": [
      "*.pay.example.com",
      [wide, near],
      "wide",
    ],
    "of a wildcard is not a domain that lists one host under it": ["*.shop.example.com", [exact], undefined],
    "of a wildcard is not a domain that lists its suffix": [
      "*.example.com",
      [of("apex", ["example.com"])],
      undefined,
    ],
    "of a host that no domain covers is undefined": ["example.org", [wide, near, exact], undefined],
  };
  test.each(Object.entries(cases))("%s", (_, [asked, domains, expected]) => {
    expect(ownerOf(asked, domains)).toBe(expected);
    expect(ownerOf(asked, domains.toReversed())).toBe(expected);
  });

  const older = of("older", ["api.example.com", "b.example.com"]);
  const younger = of("younger", ["api.example.com", "c.example.com"], "2026-01-02T00:00:00Z");

  test("of a host that two domains list is the older one, and the younger one keeps its other hosts", () => {
    const table = DomainTable.of([younger, older]);
    expect(table.ownerOf("api.example.com")?.name).toBe("older");
    expect(table.ownerOf("c.example.com")?.name).toBe("younger");
    expect([table.lostHosts(older), table.lostHosts(younger)]).toEqual([[], ["api.example.com"]]);
  });

  test("of a host that two domains list is the younger one after the older one is removed", () => {
    const table = DomainTable.of([older, younger]);
    table.remove(older);
    expect(table.ownerOf("api.example.com")?.name).toBe("younger");
    expect(table.ownerOf("b.example.com")).toBeUndefined();
    expect([table.lostHosts(younger), table.size]).toEqual([[], 1]);
  });
});

test("byAge sorts the oldest first, and those of one age by name", () => {
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

test("a domain gives its hosts to the namespaces that it names, or whose labels it selects, however often it is asked", () => {
  const shop = { namespace: "team-shop", namespaceLabels: { team: "shop" } };
  const pay = { namespace: "team-pay", namespaceLabels: {} };
  const unlabelled = { namespace: "team-shop", namespaceLabels: {} };
  const named = new DomainEntry(domain({ namespaces: { kind: "names", names: ["team-shop"] } }));
  const selecting = new DomainEntry(
    domain({ namespaces: { kind: "selector", selector: { matchLabels: { team: "shop" } } } }),
  );
  const asked = [shop, pay, unlabelled, pay, shop];
  expect(asked.map((one) => named.gives(one))).toEqual([true, false, true, false, true]);
  expect(asked.map((one) => selecting.gives(one))).toEqual([true, false, false, false, true]);
});

describe("a path is in", () => {
  const prefixes = (...list: readonly string[]) =>
    domain({ environments: list.map((pathPrefix) => ({ name: pathPrefix, pathPrefix })) });
  const all = prefixes("/", "/test", "/test/v2");
  const cases: Record<string, [ApiDomainProjection, string, readonly [string, string] | undefined]> = {
    "the environment of / if no other prefix matches": [all, "/orders", ["/", "/orders"]],
    "the environment whose prefix it starts with": [all, "/test/orders", ["/test", "/orders"]],
    "the environment with the longest prefix": [all, "/test/v2/orders", ["/test/v2", "/orders"]],
    "the environment whose prefix it equals, with / as the rest": [all, "/test", ["/test", "/"]],
    "the environment whose prefix it equals but for a trailing slash": [all, "/test/", ["/test", "/"]],
    "the environment of / if a prefix matches only part of a segment": [all, "/testing", ["/", "/testing"]],
    "the environment of / if the case differs": [all, "/Test/orders", ["/", "/Test/orders"]],
    "no environment if no prefix matches": [prefixes("/test"), "/orders", undefined],
  };
  test.each(Object.entries(cases))("%s", (_, [one, path, expected]) => {
    const found = placeIn(new DomainEntry(one), path);
    expect(found && [found.environment, found.rest]).toEqual(expected);
  });
});
