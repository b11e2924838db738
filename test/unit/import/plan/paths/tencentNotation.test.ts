import { describe, expect, test } from "@jest/globals";
import { coverOf, readVendorPath } from "../../../../../src/import/plan/paths/tencentNotation.ts";

describe("a path of the vendor's is read:", () => {
  const cases: Record<string, [string, object]> = {
    "exact, with its mark": ["=/user", { kind: "exact", value: "/user" }],
    "a prefix with a mark": ["^~/user", { kind: "prefix", value: "/user" }],
    "a plain prefix": ["/user", { kind: "plain", value: "/user" }],
    "a plain prefix with a slash at its end": ["/user/", { kind: "plain", value: "/user/" }],
    "with a dot, which makes no regular expression": ["/v1.0/user", { kind: "plain", value: "/v1.0/user" }],
    "beyond ASCII, as it is sent": ["/订单", { kind: "plain", value: "/%E8%AE%A2%E5%8D%95" }],
    "with variables": ["/user/{id}/x/{b}", { kind: "template", value: "/user/{id}/x/{b}", isWhole: true }],
    "with a variable whose name has other characters": [
      "/{X-NameSpace-Code}/{2nd}",
      { kind: "template", value: "/{X_NameSpace_Code}/{_2nd}", isWhole: true },
    ],
    "with a variable that is part of a segment": [
      "/files/{name}.json",
      { kind: "template", value: "/files/{name}.json", isWhole: false },
    ],
    "with two variables side by side": ["/a/{b}{c}", { kind: "pattern" }],
    "a regular expression": ["/user/[0-9]+$", { kind: "pattern", why: "is a regular expression" }],
    "a wildcard": ["/user/*", { kind: "pattern" }],
    "an empty variable": ["/user/{}", { kind: "template", value: "/user/{_}" }],
    "an open brace": ["/user/{id", { kind: "impossible" }],
    "with a question mark behind =": ["=/user?a", { kind: "impossible" }],
    "with two slashes": ["/user//a", { kind: "impossible" }],
    "with an escape": ["/user%2Fa", { kind: "impossible" }],
    "without a slash at its beginning": ["user", { kind: "impossible" }],
    "longer than 512 characters": [`/${"x".repeat(512)}`, { kind: "impossible" }],
    empty: ["", { kind: "impossible" }],
  };
  test.each(Object.entries(cases))("%s", (_, [text, path]) => {
    expect(readVendorPath(text)).toMatchObject(path);
  });
});

describe("the cover of a regular expression:", () => {
  const cases: Record<string, [string, readonly string[]]> = {
    "an anchored one keeps its literal segments": ["/a/[0-9]+/pdf$", ["/a/{v2}/pdf"]],
    "without an anchor more may follow": ["/a/[0-9]+/pdf", ["/a/{v2}/{v3}"]],
    "an escaped dot is a dot": ["^/a/b\\.json/[a-z]+$", ["/a/b.json/{v3}"]],
    "a last segment that may be empty": ["/a/[0-9]*$", ["/a/{v2}", "=/a/"]],
    "a group over a slash covers the rest": ["/a/(b/c|d)$", ["/a/{rest}", "=/a/", "=/a"]],
    "an optional slash covers the rest": ["/a/b/?$", ["/a/{rest}", "=/a/", "=/a"]],
    "two variables side by side": ["/a/{b}{c}", ["/a/{v2}"]],
    "a path that does not begin with a slash has none": ["[a-z]+", []],
  };
  test.each(Object.entries(cases))("%s", (_, [pattern, cover]) => {
    expect(coverOf(pattern)).toEqual(cover);
  });
});
