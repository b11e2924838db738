import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { canonicalPath, decodedPath, isGrantPath } from "../../../src/api/path.ts";
import { isRatcheted } from "../../../src/api/validation/problem.ts";
import { validateApiGrant } from "../../../src/api/validation/validate.ts";
import { objectOf } from "../../cases/apiCases.ts";

const problemsOf = (type: string, value: string) => {
  const apis = [{ name: "orders", hosts: ["api.example.com"], paths: [{ type, value }] }];
  const spec = { environment: "release", apis, applications: [{ name: "mobile-app" }] };
  const result = validateApiGrant(objectOf({ kind: "ApiGrant", spec }, "x"));
  return result.ok ? [] : result.problems;
};

describe("the canonical spelling of a path", () => {
  const cases: Record<string, [string, string]> = {
    "of plain characters is the path": ["/orders/7;v=1!", "/orders/7;v=1!"],
    "has hex digits in upper case": ["/caf%c3%A9/%2a", "/caf%C3%A9/%2A"],
    "has characters beyond ASCII as UTF-8": ["/订单/🛒", "/%E8%AE%A2%E5%8D%95/%F0%9F%9B%92"],
    "has escapes for what a path cannot hold": [
      '/a b"<>[\\]^`{|}',
      "/a%20b%22%3C%3E%5B%5C%5D%5E%60%7B%7C%7D",
    ],
    "keeps needless escapes": ["/%61dmin", "/%61dmin"],
    "keeps what begins no escape": ["/100%/%zz", "/100%/%zz"],
    "never holds a slash more": ["/a%2fb", "/a%2Fb"],
  };
  test.each(Object.entries(cases))("%s", (_, [path, expected]) => {
    expect(canonicalPath(path)).toBe(expected);
  });

  test("is its own canonical spelling", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme" }), (text) => {
        expect(canonicalPath(canonicalPath(text))).toBe(canonicalPath(text));
      }),
    );
  });

  test("is that of encodeURI for text without escapes", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme" }), (text) => {
        fc.pre(!text.includes("%") && text.isWellFormed());
        expect(canonicalPath(text)).toBe(encodeURI(text));
      }),
    );
  });
});

test("escapes that no path needs are decoded, and no others", () => {
  expect(decodedPath("/%61%7E%2d%25%20%c3%a9%00")).toBe("/a~-%25%20%c3%a9%00");
});

test("what a grant may have is what the schema accepts, patterns aside", () => {
  const piece = fc.oneof(
    fc.constantFrom("/", "a", ".", "..", "%", "%20", "%2F", "%C3%A9", "%c3%a9", "%E0%80%AF", "%ED%A0%80"),
    fc.constantFrom("%F0%9F%9B%92", "%F4%90%80%80", "%C3", "%61", "?", "#", ";", "\\", " ", "é"),
    fc.string({ minLength: 1, maxLength: 1 }),
  );
  const text = fc.array(piece, { maxLength: 6 }).map((all) => `/${all.join("")}`);
  fc.assert(
    fc.property(text, (value) => {
      fc.pre(!/[{}]/.test(value));
      const problems = problemsOf("Exact", value).filter((problem) => !isRatcheted(problem));
      expect([value, isGrantPath(value)]).toEqual([value, problems.length === 0]);
    }),
    { numRuns: 2_000 },
  );
});

describe("the message for a denied path contains the exact value to write", () => {
  const cases: Record<string, [string, string]> = {
    "for characters beyond ASCII": ["/订单", "/%E8%AE%A2%E5%8D%95"],
    "for hex digits in lower case": ["/%e8%ae%a2", "/%E8%AE%A2"],
    "for a blank": ["/a b", "/a%20b"],
    "for an escape that is not needed": ["/%61dmin/%c3%a9", "/admin/%C3%A9"],
    "for a template, whose variables stay": ["/订单/{id}", "/%E8%AE%A2%E5%8D%95/{id}"],
  };
  test.each(Object.entries(cases))("%s", (_, [value, exact]) => {
    const [problem] = problemsOf(value.includes("{") ? "Template" : "PathPrefix", value);
    expect(problem?.message).toMatch(/; write \/[!-~]+$/);
    expect(problem?.message.endsWith(`; write ${exact}`)).toBe(true);
    expect(problemsOf(exact.includes("{") ? "Template" : "PathPrefix", exact)).toEqual([]);
  });

  test.each([
    ["=/订单", "=/%E8%AE%A2%E5%8D%95"],
    ["^~/a b", "^~/a%20b"],
    ["/é/x{user-id}.%61", "/%C3%A9/x{user-id}.a"],
  ])("in the vendor's notation for %s", (value, exact) => {
    expect(problemsOf("TencentPath", value)[0]?.message.endsWith(`; write ${exact}`)).toBe(true);
    expect(problemsOf("TencentPath", exact)).toEqual([]);
  });

  test("but none with a mark for another type", () => {
    expect(problemsOf("Exact", "=/é")[0]?.message).not.toContain("; write");
  });

  test.each(["/é/[0-9]+", "/é/*", "/a%2Fb", "/%B6%A9", "/a?b", "/a/../%e8%ae%a2"])(
    "but none where no spelling is right: %s",
    (value) => {
      expect(problemsOf("Exact", value)[0]?.message).not.toContain("; write /");
    },
  );
});
