import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { isSafePath, splitTarget } from "../../../src/policy/pathSafety.ts";

describe("a request target", () => {
  const cases: Record<string, [string, string, string]> = {
    "is a path without a query": ["/orders", "/orders", ""],
    "is cut at the first question mark": ["/orders?a=1?b=2", "/orders", "a=1?b=2"],
    "has an empty query behind a question mark": ["/orders?", "/orders", ""],
    "that starts with // is a path, not a host": ["//admin/x?y", "//admin/x", "y"],
    "keeps a fragment in its path": ["/orders#x", "/orders#x", ""],
  };
  test.each(Object.entries(cases))("%s", (_, [target, path, query]) => {
    expect(splitTarget(target)).toEqual({ path, query });
  });
});

describe("a path", () => {
  test.each([
    "/",
    "/orders",
    "/orders/",
    "/orders/7/items.json",
    "/a.b/..c/...",
    "/a%20b",
    "/%E4%BD%A0",
    "/%61dmin",
    "/a:b@c!$&'()*+,=~-_",
    "/100%25",
  ])("is safe: %s", (path) => {
    expect(isSafePath(path)).toBe(true);
  });

  const unsafe: Record<string, readonly string[]> = {
    "that does not start with a slash": ["", "*", "orders", "http://x/orders", "?a=1"],
    "with an empty segment": ["//", "//orders", "/orders//7", "/orders//"],
    "with a dot segment": ["/.", "/..", "/./a", "/a/.", "/a/..", "/a/../b"],
    "with an escaped slash or backslash": ["/a%2Fb", "/a%2fb", "/a%5Cb", "/a%5c"],
    "with an escaped dot": ["/%2e", "/a%2E%2e/b", "/a.%2e"],
    "with an escaped NUL": ["/a%00"],
    "with an escape that is escaped": ["/a%252fb", "/%252e%252e", "/a%255c", "/a%2500"],
    "with a percent sign that starts no escape": ["/%", "/100%", "/%2", "/%zz", "/a%u0041"],
    "with a fragment": ["/orders#x", "/#"],
    "with a backslash": ["/a\\b"],
    "with parameters of a segment": ["/a;b", "/a;/b"],
    "with a blank, a control byte or DEL": ["/a b", "/a\tb", "/a\nb", "/a\u0000", "/a\u007f"],
    "with bytes beyond ASCII": ["/ä", "/caf\u00c3\u00a9"],
  };
  test.each(Object.entries(unsafe).flatMap(([why, paths]) => paths.map((path) => [why, path] as const)))(
    "is not safe %s: %j",
    (_, path) => {
      expect(isSafePath(path)).toBe(false);
    },
  );

  /** The path after an upstream decoded every escape once. */
  const decoded = (path: string) =>
    path.replace(/%[0-9a-f]{2}/gi, (code) => String.fromCharCode(Number.parseInt(code.slice(1), 16)));

  test("that is safe has the same segments for a URL parser, and after one or two rounds of decoding", () => {
    const piece = fc.constantFrom("/", ".", "a", "%2e", "%2F", "%61", "%25", "%", ";", "\\", "#", "2f", "2E");
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 8 }), (pieces) => {
        const path = `/${pieces.join("")}`;
        fc.pre(isSafePath(path));
        expect(new URL(path, "http://host").href).toBe(`http://host${path}`);
        for (const read of [decoded(path), decoded(decoded(path))]) {
          expect(read.split("/")).toHaveLength(path.split("/").length);
          expect(read.split("/").filter((segment) => /^\.{1,2}$/.test(segment))).toEqual([]);
        }
      }),
      { numRuns: 2_000 },
    );
  });
});
