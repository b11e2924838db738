import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { GrantEntry } from "../../../../src/policy/index/grantEntry.ts";
import { type Owns, PathTable } from "../../../../src/policy/index/paths.ts";
import type { GrantedPath } from "../../../../src/projection/documents.ts";
import { grant } from "../../../support/documents.ts";

/** One path, as a grant of that namespace claims it. */
interface Claim {
  readonly path: GrantedPath;
  readonly namespace: string;
  readonly entry: GrantEntry;
}

const OWNER = "team-shop";
const ownerOwns: Owns = ({ document }) => document.namespace === OWNER;

/** Written as `Exact /a`, `Template /a/{x}` or `PathPrefix /a`. */
function claim(text: string, namespace = OWNER): Claim {
  const [type, value = ""] = text.split(" ");
  const path = { type: type as GrantedPath["type"], value };
  const api = { name: "api", hosts: [], paths: [path], methods: [] };
  return { path, namespace, entry: new GrantEntry(grant({ name: text, namespace, apis: [api] })) };
}

function tableOf(claims: readonly Claim[]): PathTable {
  const table = new PathTable();
  for (const { path, entry } of claims) for (const api of entry.document.apis) table.add(path, entry, api);
  return table;
}

/** The grants that claim the winning path, by what they claim. */
function winners(table: PathTable, path: string): readonly string[] | undefined {
  const found = table.match(path, ownerOwns);
  return found?.owners.flatMap((grants) => [...grants.keys()].map(({ document }) => document.name)).sort();
}

const winnersOf = (claims: readonly (string | Claim)[], path: string) =>
  winners(tableOf(claims.map((one) => (typeof one === "string" ? claim(one) : one))), path);

describe("for a request, of all granted paths", () => {
  const all = ["Exact /a/b", "Template /a/{x}", "Template /{x}/b", "PathPrefix /a/b", "PathPrefix /a"];
  const cases: Record<string, [readonly (string | Claim)[], string, readonly string[] | undefined]> = {
    "an exact path wins over every other": [all, "/a/b", ["Exact /a/b"]],
    "a template wins over every prefix": [all, "/a/c", ["Template /a/{x}"]],
    "the template with a literal further left wins over other templates": [
      all.slice(1),
      "/a/b",
      ["Template /a/{x}"],
    ],
    "a template is found although another one with more literals on the left matches only in part": [
      ["Template /a/{x}/c", "Template /{x}/b/d"],
      "/a/b/d",
      ["Template /{x}/b/d"],
    ],
    "the longest prefix wins over shorter ones": [all, "/a/b/c", ["PathPrefix /a/b"]],
    "a prefix does not match part of a segment": [["PathPrefix /a"], "/ab", undefined],
    "a prefix matches itself with a trailing slash": [["PathPrefix /a"], "/a/", ["PathPrefix /a"]],
    "a prefix with a trailing slash equals the one without": [
      ["PathPrefix /a/", "PathPrefix /a"],
      "/a",
      ["PathPrefix /a", "PathPrefix /a/"],
    ],
    "the prefix / matches every path": [["PathPrefix /"], "/a/b", ["PathPrefix /"]],
    "an exact path does not match with a trailing slash": [["Exact /a"], "/a/", undefined],
    "a template matches only paths with as many segments": [["Template /a/{x}"], "/a/b/c", undefined],
    "a variable does not match an empty segment": [["Template /a/{x}"], "/a/", undefined],
    "templates that differ only in the names of variables are equal": [
      ["Template /a/{x}", "Template /a/{y}"],
      "/a/b",
      ["Template /a/{x}", "Template /a/{y}"],
    ],
    "paths of a namespace that does not own the host are ignored": [
      [claim("Exact /a/b", "squatter"), claim("PathPrefix /a/b", "squatter"), "PathPrefix /a"],
      "/a/b",
      ["PathPrefix /a"],
    ],
    "paths are case-sensitive": [["Exact /A", "PathPrefix /A"], "/a", undefined],
  };
  test.each(Object.entries(cases))("%s", (_, [claims, path, expected]) => {
    expect(winnersOf(claims, path)).toEqual(expected);
    expect(winnersOf(claims.toReversed(), path)).toEqual(expected);
  });
});

test("the longest prefix that a grant can have is found for a much longer path", () => {
  const longest = `PathPrefix /${"a".repeat(511)}`;
  expect(winnersOf([longest], `/${"a".repeat(511)}/${"b".repeat(8_000)}`)).toEqual([longest]);
});

describe("for any paths", () => {
  const segment = fc.constantFrom("a", "b", "{x}", "{y}");
  const literal = fc.constantFrom("a", "b");
  const pathOf = (one: fc.Arbitrary<string>, minLength: number) =>
    fc.array(one, { minLength, maxLength: 3 }).map((segments) => `/${segments.join("/")}`);
  const claims = fc.array(
    fc
      .tuple(
        fc.oneof(
          pathOf(literal, 0).map((path) => `Exact ${path}`),
          pathOf(literal, 0).map((path) => `PathPrefix ${path}`),
          pathOf(segment, 1).map((path) => `Template ${path}`),
        ),
        fc.constantFrom(OWNER, OWNER, "squatter"),
      )
      .map(([text, namespace]) => claim(text, namespace)),
    { maxLength: 12 },
  );
  const asked = fc.tuple(pathOf(literal, 0), fc.constantFrom("", "/")).map(([path, slash]) => path + slash);

  test("the winners are those that rank first in a plain comparison of each granted path with the request", () => {
    fc.assert(
      fc.property(claims, asked, (list, path) => {
        const owned = list.filter(({ namespace }) => namespace === OWNER);
        const ranked = owned.flatMap((one) => {
          const rank = rankOf(one.path, path);
          return rank === undefined ? [] : [{ rank, name: one.entry.document.name }];
        });
        const best = ranked.map(({ rank }) => rank).sort()[0];
        const first = ranked.filter(({ rank }) => rank === best).map(({ name }) => name);
        expect(winners(tableOf(list), path)).toEqual(best === undefined ? undefined : first.sort());
      }),
      { numRuns: 2_000 },
    );
  });

  test("a table after removals equals a table that never held the removed grants", () => {
    fc.assert(
      fc.property(claims, claims, asked, (kept, removed, path) => {
        const table = tableOf([...kept, ...removed]);
        for (const one of removed) table.remove(one.path, one.entry);
        expect(winners(table, path)).toEqual(winners(tableOf(kept), path));
      }),
      { numRuns: 1_000 },
    );
  });
});

/** How a granted path ranks for a request, the first one smallest; undefined: it does not match. */
function rankOf({ type, value }: GrantedPath, path: string): string | undefined {
  const [granted, sent] = [value.split("/").slice(1), path.split("/").slice(1)];
  if (type === "Exact") return value === path ? "0" : undefined;
  if (type === "PathPrefix") {
    const prefix = value.replace(/\/$/, "");
    return `${path}/`.startsWith(`${prefix}/`) ? `2 ${String(9_999 - prefix.length)}` : undefined;
  }
  const matches = granted.map((one, at) => (one.startsWith("{") ? sent[at] !== "" : one === sent[at]));
  if (granted.length !== sent.length || matches.includes(false)) return undefined;
  return `1 ${granted.map((one) => (one.startsWith("{") ? "variable" : "literal")).join(" ")}`;
}
