import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { canonicalHost, patternsOf } from "../../../src/policy/host.ts";

describe("the canonical host of an authority", () => {
  const cases: Record<string, [string, string | undefined]> = {
    "is the name itself": ["api.example.com", "api.example.com"],
    "is lower-case": ["API.Example.COM", "api.example.com"],
    "has no port": ["api.example.com:8443", "api.example.com"],
    "has no empty port": ["api.example.com:", "api.example.com"],
    "has no trailing dot": ["api.example.com.", "api.example.com"],
    "has neither a port nor a trailing dot": ["api.example.com.:443", "api.example.com"],
    "can be an IPv4 address": ["192.0.2.1:80", "192.0.2.1"],
    "can be an IPv6 address in brackets": ["[2001:DB8::1]:443", "[2001:db8::1]"],
    "is undefined if the authority is empty": ["", undefined],
    "is undefined for a single dot": [".", undefined],
    "is undefined with two trailing dots": ["api.example.com..", undefined],
    "is undefined with a user name": ["user@api.example.com", undefined],
    "is undefined for a list": ["a.example.com,b.example.com", undefined],
    "is undefined with a blank": ["api.example.com b", undefined],
    "is undefined with a path": ["api.example.com/x", undefined],
    "is undefined with a query": ["api.example.com?x", undefined],
    "is undefined with a fragment": ["api.example.com#x", undefined],
    "is undefined with a backslash": ["api.example.com\\x", undefined],
    "is undefined with two ports": ["api.example.com:1:2", undefined],
    "is undefined with a port that is not a number": ["api.example.com:http", undefined],
    "is undefined with a port of six digits": ["api.example.com:123456", undefined],
    "is undefined beyond ASCII": ["äpi.example.com", undefined],
    "is undefined for an IPv6 address without brackets": ["2001:db8::1", undefined],
  };
  test.each(Object.entries(cases))("%s", (_, [authority, host]) => {
    expect(canonicalHost(authority)).toBe(host);
  });

  test("is the same for every spelling of a name", () => {
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

test("the patterns of a host are the host and every wildcard above it, the most specific first", () => {
  expect([...patternsOf("a.b.example.com")]).toEqual([
    "a.b.example.com",
    "*.b.example.com",
    "*.example.com",
    "*.com",
  ]);
  expect([...patternsOf("localhost")]).toEqual(["localhost"]);
});
