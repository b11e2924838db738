import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { readHttpRoute } from "../../../src/api/httpRoute.ts";

const METADATA = { name: "orders", uid: "u", resourceVersion: "1", creationTimestamp: "" };
const EVERY_PATH = { path: { type: "PathPrefix", value: "/" }, others: [] };
const matchesOf = (spec: unknown) => readHttpRoute(METADATA, spec).rules.map(({ matches }) => matches);

describe("an HTTPRoute", () => {
  const cases: Record<string, [unknown, unknown]> = {
    "without rules matches every path": [{}, [[EVERY_PATH]]],
    "with a rule without matches matches every path there": [{ rules: [{}] }, [[EVERY_PATH]]],
    "with a match without a path matches every path of the method": [
      { rules: [{ matches: [{ method: "GET" }] }] },
      [[{ ...EVERY_PATH, method: "GET" }]],
    ],
    "with a path without a type matches a prefix": [
      { rules: [{ matches: [{ path: { value: "/a" } }] }] },
      [[{ path: { type: "PathPrefix", value: "/a" }, others: [] }]],
    ],
    "keeps the type of a path, known or not": [
      { rules: [{ matches: [{ path: { type: "RegularExpression", value: "/a.*" } }] }] },
      [[{ path: { type: "RegularExpression", value: "/a.*" }, others: [] }]],
    ],
    "keeps each rule, and each match of one": [
      { rules: [{ matches: [{ path: { value: "/a" } }, { path: { value: "/b" } }] }, {}] },
      [
        [
          { path: { type: "PathPrefix", value: "/a" }, others: [] },
          { path: { type: "PathPrefix", value: "/b" }, others: [] },
        ],
        [EVERY_PATH],
      ],
    ],
    "lists the other fields of a match, unknown ones included": [
      { rules: [{ matches: [{ headers: [{ name: "x" }], queryParams: [{ name: "y" }], cookies: ["z"] }] }] },
      [[{ ...EVERY_PATH, others: ["headers", "queryParams", "cookies"] }]],
    ],
    "ignores other fields that are empty": [
      { rules: [{ matches: [{ headers: [], queryParams: null }] }] },
      [[EVERY_PATH]],
    ],
  };
  test.each(Object.entries(cases))("%s", (_, [spec, expected]) => {
    expect(matchesOf(spec)).toEqual(expected);
  });

  test("has the hostnames of its spec that are text", () => {
    expect(readHttpRoute(METADATA, { hostnames: ["a.example.com", 7] }).hostnames).toEqual(["a.example.com"]);
    expect(readHttpRoute(METADATA, {}).hostnames).toEqual([]);
  });

  test("can be read from any JSON value, and each rule has at least one match", () => {
    const json = fc.jsonValue();
    const spec = fc.oneof(
      json,
      fc.record({ hostnames: json, rules: fc.array(fc.record({ matches: json })) }),
    );
    fc.assert(
      fc.property(spec, (value) => {
        for (const matches of matchesOf(value)) expect(matches.length).toBeGreaterThan(0);
      }),
    );
  });
});
