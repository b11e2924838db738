import { expect, test } from "@jest/globals";
import { hostClassesOf } from "../../../../src/access/requests/hosts.ts";
import { escapedSpellings } from "../../../../src/access/requests/spellings.ts";

test("a wildcard is a host that no other pattern names", () => {
  const hosts = hostClassesOf(["*.x", "any.x", "*.any1.x", "*.a.x", "b.a.x"]);
  expect(hosts.map(({ pattern, host }) => [pattern, host])).toEqual([
    ["*.a.x", "any.a.x"],
    ["*.any1.x", "any.any1.x"],
    ["*.x", "any2.x"],
    ["any.x", "any.x"],
    ["b.a.x", "b.a.x"],
  ]);
  expect(hosts.at(-1)?.covering).toEqual(["b.a.x", "*.a.x", "*.x"]);
});

test("a spelling has one character as an escape, never a slash, a dot or a part of an escape", () => {
  expect([...escapedSpellings("/a.b/%C3c")]).toEqual(["/%61.b/%C3c", "/a.%62/%C3c", "/a.b/%C3%63"]);
});
