import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { canonicalHost, patternsOf } from "../../../src/policy/host.ts";

describe("the host of an authority", () => {
  const cases: Record<string, [string, string | undefined]> = {
    "is a name as it stands": ["api.example.com", "api.example.com"],
    "is in lower case": ["API.Example.COM", "api.example.com"],
    "has no port": ["api.example.com:8443", "api.example.com"],
    "has no port that is empty": ["api.example.com:", "api.example.com"],
    "has no dot at its end": ["api.example.com.", "api.example.com"],
    "has neither port nor dot": ["api.example.com.:443", "api.example.com"],
    "is an IPv4 address": ["192.0.2.1:80", "192.0.2.1"],
    "is an IPv6 address in brackets": ["[2001:DB8::1]:443", "[2001:db8::1]"],
    "is none when it is empty": ["", undefined],
    "is none when it is a dot": [".", undefined],
    "is none with two dots at its end": ["api.example.com..", undefined],
    "is none with a user": ["user@api.example.com", undefined],
    "is none when it is a list": ["a.example.com,b.example.com", undefined],
    "is none with a blank": ["api.example.com b", undefined],
    "is none with a path": ["api.example.com/x", undefined],
    "is none with a query": ["api.example.com?x", undefined],
    "is none with a fragment": ["api.example.com#x", undefined],
    "is none with a backslash": ["api.example.com\\x", undefined],
    "is none with two ports": ["api.example.com:1:2", undefined],
    "is none with a port that is no number": ["api.example.com:http", undefined],
    "is none with a port of six digits": ["api.example.com:123456", undefined],
    "is none beyond ASCII": ["äpi.example.com", undefined],
    "is none when it is an IPv6 address without brackets": ["2001:db8::1", undefined],
  };
  test.each(Object.entries(cases))("%s", (_, [authority, host]) => {
    expect(canonicalHost(authority)).toBe(host);
  });

  test("is its own host, and that of every other spelling", () => {
    const label = fc.stringMatching(/^[a-z0-9]{1,5}$/);
    const name = fc.array(label, { minLength: 1, maxLength: 4 }).map((labels) => labels.join("."));
    fc.assert(
      fc.property(name, fc.constantFrom("", "."), fc.constantFrom("", ":", ":80"), (host, dot, port) => {
        expect(canonicalHost(host)).toBe(host);
        expect(canonicalHost(`${host.toUpperCase()}${dot}${port}`)).toBe(host);
      }),
    );
  });
});

test("the patterns of a host are itself and each wider wildcard, and none for the host of a wildcard", () => {
  expect([...patternsOf("a.b.example.com")]).toEqual([
    "a.b.example.com",
    "*.b.example.com",
    "*.example.com",
    "*.com",
  ]);
  expect([...patternsOf("localhost")]).toEqual(["localhost"]);
});
