import { describe, expect, test } from "@jest/globals";
import { clocksAgree } from "../../../src/doctor/clockSkew.ts";

describe("clocks", () => {
  const cases: Record<string, [number, string]> = {
    "that differ by the noise of a Date header": [-1_900, "ok"],
    "that differ by some seconds": [8_000, "warning"],
    "that differ by minutes": [-120_000, "error"],
  };
  test.each(Object.entries(cases))("%s", (_, [ahead, severity]) => {
    expect(clocksAgree("v", ahead, "ours").severity).toBe(severity);
  });
});
