import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { GrantEntry } from "../../../../../src/policy/index/grantEntry.ts";
import type { Owns } from "../../../../../src/policy/index/paths/owners.ts";
import { PathTable } from "../../../../../src/policy/index/paths/pathTable.ts";
import type { GrantedPath } from "../../../../../src/projection/documents.ts";
import { grant } from "../../../../support/documents.ts";

/** One path, as a grant of that namespace claims it. */
interface Claim {
  readonly path: GrantedPath;
  readonly namespace: string;
  readonly entry: GrantEntry;
}

const OWNER = "team-shop";
const ownerOwns: Owns = ({ document }) => document.namespace === OWNER;

/** Written as `Exact /a`, `Template /a/{x}`, `PathPrefix /a` or `TencentPath ^~/a`. */
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

describe("for a request, of paths in the vendor's notation", () => {
  const all = [
    "TencentPath =/a/b",
    "TencentPath ^~/a/c",
    "TencentPath ^~/a/cd",
    "TencentPath /a/{x}",
    "TencentPath /{x}/b/{y}",
    "TencentPath /a",
    "TencentPath /",
  ];
  const variables = (...values: readonly string[]) => values.map((value) => `TencentPath ${value}`);
  const cases: Record<string, [readonly (string | Claim)[], string, readonly string[] | undefined]> = {
    "an exact path wins over every other": [all, "/a/b", ["TencentPath =/a/b"]],
    "the longest marked prefix wins over variables and plain prefixes": [
      all,
      "/a/cde",
      ["TencentPath ^~/a/cd"],
    ],
    "a marked prefix matches by characters": [all, "/a/cx/y", ["TencentPath ^~/a/c"]],
    "variables win over plain prefixes": [all, "/a/x", ["TencentPath /a/{x}"]],
    "a variable spans segments": [all, "/a/x/y/z", ["TencentPath /a/{x}"]],
    "a variable has at least one character": [all, "/a/", ["TencentPath /a"]],
    "a plain prefix matches by characters": [all, "/abc/d", ["TencentPath /a"]],
    "the plain prefix / matches every path": [all, "/x", ["TencentPath /"]],
    "an exact path does not match what follows it": [["TencentPath =/a"], "/a/", undefined],
    "the variables with more literal characters win": [
      variables("/{a}", "/user/{id}", "/user/{id}/orders"),
      "/user/5/6/orders",
      ["TencentPath /user/{id}/orders"],
    ],
    "of as many literal characters, the literal further left wins": [
      variables("/{a}/x", "/m/{b}"),
      "/m/x",
      ["TencentPath /m/{b}"],
    ],
    "of patterns that differ in their texts alone, the first text wins": [
      variables("/{a}y{b}", "/{a}x{b}"),
      "/1x2y3",
      ["TencentPath /{a}x{b}"],
    ],
    "patterns that differ only in the names of variables are equal": [
      variables("/a/{x}", "/a/{y-z}"),
      "/a/b",
      ["TencentPath /a/{x}", "TencentPath /a/{y-z}"],
    ],
    "a variable is part of a segment": [
      variables("/file/{name}.json"),
      "/file/2026/a.b.json",
      ["TencentPath /file/{name}.json"],
    ],
    "the vendor's example of two variables": [
      variables("/{A}/product/{B}"),
      "/m/product/x/detail",
      ["TencentPath /{A}/product/{B}"],
    ],
    "a literal in the middle may occur again later": [
      variables("/{a}/x/{b}/y"),
      "/1/x/x/y/y",
      ["TencentPath /{a}/x/{b}/y"],
    ],
    "a literal in the middle does not overlap the end": [variables("/{a}/xy{b}yz"), "/1/xyz", undefined],
    "a literal needs a character before it": [variables("/{a}/x/{b}"), "//x/1", undefined],
    "paths of a namespace that does not own the host are ignored": [
      [
        claim("TencentPath =/a", "squatter"),
        claim("TencentPath ^~/a", "squatter"),
        claim("TencentPath /{x}", "squatter"),
        claim("TencentPath /a", "squatter"),
        "TencentPath /",
      ],
      "/a",
      ["TencentPath /"],
    ],
  };
  test.each(Object.entries(cases))("%s", (_, [claims, path, expected]) => {
    expect(winnersOf(claims, path)).toEqual(expected);
    expect(winnersOf(claims.toReversed(), path)).toEqual(expected);
  });
});

test("a path in the vendor's notation that two namespaces own is one API", () => {
  const everyone: Owns = () => true;
  for (const path of ["=/a/b", "^~/a", "/{x}/b", "/a/"]) {
    const claims = ["first", "second"].map((namespace) => claim(`TencentPath ${path}`, namespace));
    const found = tableOf(claims).match("/a/b", everyone);
    expect(found?.owners.flatMap((grants) => [...grants.keys()])).toEqual(claims.map(({ entry }) => entry));
  }
});

describe("for a request, of paths of all types", () => {
  /** From the most specific to the least. Each path wins over all that follow it. */
  const order: readonly (readonly string[])[] = [
    ["Exact /ab/c", "TencentPath =/ab/c"],
    ["TencentPath ^~/ab"],
    ["TencentPath ^~/a"],
    ["Template /ab/{x}"],
    ["Template /{x}/c"],
    ["TencentPath /ab/{x}"],
    ["TencentPath /a{x}"],
    ["PathPrefix /ab/c"],
    ["TencentPath /ab/c"],
    ["TencentPath /ab/"],
    ["PathPrefix /ab", "PathPrefix /ab/"],
    ["TencentPath /ab"],
    ["TencentPath /a"],
    ["PathPrefix /"],
    ["TencentPath /"],
  ];
  test.each(order.map((equal, at) => [equal.join(", "), at] as const))(
    "%s comes in the documented place",
    (_, at) => {
      const rest = order.slice(at).flat();
      expect(winnersOf(rest, "/ab/c")).toEqual([...(order[at] ?? [])].sort());
      expect(winnersOf(rest.toReversed(), "/ab/c")).toEqual([...(order[at] ?? [])].sort());
    },
  );
});

describe("an escape is one character", () => {
  const cases: Record<string, [string, string, boolean]> = {
    "so a literal does not match half of one": ["/{a}B", "/%7B", false],
    "so a literal between variables does not match half of one": ["/{a}7B{c}", "/%7Bx", false],
    "so a variable may be one": ["/{a}B", "/%7BB", true],
    "so a literal may be one": ["/{a}%C3%A9", "/caf%c3%a9", true],
  };
  test.each(Object.entries(cases))("%s", (_, [value, path, matches]) => {
    expect(winnersOf([`TencentPath ${value}`], path) !== undefined).toBe(matches);
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
  const pieces = (one: fc.Arbitrary<string>) =>
    fc.array(one, { maxLength: 5 }).map((all) => `/${all.join("")}`.replace(/\/{2,}/g, "/"));
  const characters = pieces(fc.constantFrom("a", "b", "/", "%41"));
  const tencent = fc.oneof(
    characters.map((path) => `=${path}`),
    characters.map((path) => `^~${path}`),
    characters,
    pieces(fc.constantFrom("a", "b", "/", "{x}", "{y-z}", "%41")).map((path) =>
      path.replace(/[}][{]/g, "}a{"),
    ),
  );
  const claims = fc.array(
    fc
      .tuple(
        fc.oneof(
          pathOf(literal, 0).map((path) => `Exact ${path}`),
          pathOf(literal, 0).map((path) => `PathPrefix ${path}`),
          pathOf(segment, 1).map((path) => `Template ${path}`),
          tencent.map((path) => `TencentPath ${path}`),
        ),
        fc.constantFrom(OWNER, OWNER, "squatter"),
      )
      .map(([text, namespace]) => claim(text, namespace)),
    { maxLength: 12 },
  );
  const asked = fc.oneof(
    fc.tuple(pathOf(literal, 0), fc.constantFrom("", "/")).map(([path, slash]) => path + slash),
    fc
      .array(fc.constantFrom("a", "b", "/", "%41", "1"), { maxLength: 10 })
      .map((all) => `/${all.join("")}`.replace(/\/{2,}/g, "/")),
  );

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
        const table = tableOf([...removed, ...kept]);
        for (const one of removed) table.remove(one.path, one.entry);
        expect(winners(table, path)).toEqual(winners(tableOf(kept), path));
      }),
      { numRuns: 1_000 },
    );
  });
});

/** How a granted path ranks for a request, the first one smallest; undefined: it does not match. */
function rankOf({ type, value }: GrantedPath, path: string): string | undefined {
  if (type === "TencentPath") return tencentRankOf(value, path);
  const [granted, sent] = [value.split("/").slice(1), path.split("/").slice(1)];
  if (type === "Exact") return value === path ? "1" : undefined;
  if (type === "PathPrefix") {
    const prefix = value.replace(/\/$/, "");
    return `${path}/`.startsWith(`${prefix}/`) ? `5 ${less(Math.max(prefix.length, 1))} segments` : undefined;
  }
  const matches = granted.map((one, at) => (one.startsWith("{") ? sent[at] !== "" : one === sent[at]));
  if (granted.length !== sent.length || matches.includes(false)) return undefined;
  return `3 ${granted.map((one) => (one.startsWith("{") ? "variable" : "literal")).join(" ")}`;
}

/** By the words of the vendor's documentation, and by regular expressions where it has variables. */
function tencentRankOf(value: string, path: string): string | undefined {
  if (value.startsWith("=")) return value.slice(1) === path ? "1" : undefined;
  if (value.startsWith("^~"))
    return path.startsWith(value.slice(2)) ? `2 ${less(value.length - 2)}` : undefined;
  if (!value.includes("{")) return path.startsWith(value) ? `5 ${less(value.length)} text` : undefined;
  const literals = value.split(/[{][^}]*[}]/);
  const pattern = literals.map((literal) => literal.replace(/[.]/g, "[.]")).join("(?:%..|[^%])+");
  if (!new RegExp(`^${pattern}$`).test(path)) return undefined;
  return `4 ${less(literals.join("").length)} ${literals.join("\x7f")}`;
}

/** Sorts a longer length before a shorter one. */
function less(length: number): string {
  return String(9_999 - length).padStart(4, "0");
}
