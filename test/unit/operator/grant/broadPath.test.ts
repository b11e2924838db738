import { expect, test } from "@jest/globals";
import type { ApiGrantSpec } from "../../../../src/api/apiGrant.ts";
import { broadPath } from "../../../../src/operator/grant/broadPath.ts";

test("of hundreds of the longest paths the first ones are named, so that the message fits into a condition", () => {
  const value = (at: number) => `^~/${"x".repeat(505)}${String(at).padStart(4, "0")}`;
  const apis = Array.from({ length: 32 }, (_, api) => ({
    name: `api-${api}`,
    paths: Array.from({ length: 16 }, (_, at) => ({ type: "TencentPath", value: value(api * 16 + at) })),
  }));
  const [condition] = broadPath({ apis } as unknown as ApiGrantSpec);
  expect(value(0)).toHaveLength(512);
  expect(condition?.message).toContain(`${value(19)} matches`);
  expect(condition?.message).toContain("and 492 more.");
  expect(condition?.message.length).toBeLessThanOrEqual(32_768);
});
