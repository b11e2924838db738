import { expect, test } from "@jest/globals";
import { figuresTable, goalsTable, rounded } from "../../../bench/report.ts";

test("numbers have three significant digits and no exponent", () => {
  const written = [0.123456, 0.5, 12.345, 999.6, 67_801.2, 0, Number.NaN].map(rounded);
  expect(written).toEqual(["0.123", "0.5", "12.3", "1,000", "67,801", "0", "–"]);
});

test("a figure is printed as its median with the spread of its rounds", () => {
  const lines = figuresTable([
    { name: "check / GET / rate", unit: "1/s", values: [3, 1, 2] },
    { name: "start", unit: "s", values: [0.5], note: "quick" },
  ]).split("\n");
  expect(lines[1]).toMatch(/^check \/ GET \/ rate +2 +1\/s +1 … 3 +3$/);
  expect(lines[2]).toMatch(/^start +0\.5 +s +quick$/);
});

test("a goal is one line with its bound, its aim and its verdict", () => {
  const base = { must: 20, aim: 12, unit: "ms", what: "verdict" };
  const lines = goalsTable([
    { ...base, id: "G8a", value: 13.37, verdict: "pass", note: "by Envoy" },
    { ...base, id: "G8b", verdict: "not measured" },
  ]).split("\n");
  expect(lines[1]).toMatch(/^G8a +verdict +13\.4 ms +20 ms +12 ms +pass +by Envoy$/);
  expect(lines[2]).toMatch(/^G8b +verdict +– +20 ms +12 ms +not measured$/);
});
