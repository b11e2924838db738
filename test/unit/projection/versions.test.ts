import { expect, test } from "@jest/globals";
import fc from "fast-check";
import { compareVersions } from "../../../src/projection/versions.ts";

test("versions are compared as the numbers that they are, however long", () => {
  const version = fc.oneof(fc.bigInt({ min: 1n, max: 2n ** 70n }), fc.bigInt({ min: 1n, max: 20n }));
  fc.assert(
    fc.property(version, version, (a, b) => {
      expect(Math.sign(compareVersions(String(a), String(b)))).toBe(a < b ? -1 : a > b ? 1 : 0);
    }),
  );
});

test("no version is older than every other", () => {
  expect(compareVersions("", "1")).toBeLessThan(0);
  expect(compareVersions("1", "")).toBeGreaterThan(0);
  expect(compareVersions("", "")).toBe(0);
});
