import { describe, expect, test } from "@jest/globals";
import type { BenchRun } from "../../../bench/run.ts";
import { performancePage } from "../../../scripts/performance/page.ts";
import { type Axis, linearTicks, plotSvg, powerTicks, scaleOf } from "../../../scripts/performance/plot.ts";
import { plotsOf } from "../../../scripts/performance/plots.ts";

const LOG: Axis = { label: "n", isLogarithmic: true, ticks: powerTicks(10, 1_000) };

const RUN: BenchRun = {
  version: 1,
  at: "2026-01-02T03:04:05.000Z",
  commit: "abc123",
  quick: false,
  parts: ["check"],
  machine: { cpu: "A CPU", cores: 2, pinned: true, node: "v24.21.0" },
  transports: ["http2", "grpc-js"],
  goals: [
    {
      id: "G1",
      what: "GET",
      unit: "",
      must: 0.5,
      aim: 0.65,
      value: 0.61,
      note: "by throughput",
      verdict: "pass",
    },
    { id: "G12", what: "idle", unit: "", must: 0.02, aim: 0.01, verdict: "not measured" },
  ],
  figures: [
    { name: "scale / verifier / 10 / rate", unit: "1/s", values: [20_000, 18_000, 30_000] },
    { name: "scale / verifier / 1000 / rate", unit: "1/s", values: [19_000] },
    { name: "scale / verifier / 10 / CPU per call", unit: "µs", values: [50] },
  ],
  distributions: {
    "latency / 1000 / default": [
      [0, 0.1],
      [0.5, 0.3],
      [0.99, 2],
      [1, 30],
    ],
  },
};

describe("a scale", () => {
  const toPixels = scaleOf(LOG, 0, 200);
  const cases: Record<string, [number, number]> = {
    "begins at the first tick": [10, 0],
    "gives each power of ten the same room": [100, 100],
    "ends at the last tick": [1_000, 200],
    "draws what lies beyond the axis at its end": [1_000_000, 200],
  };
  test.each(Object.entries(cases))("%s", (_, [value, pixels]) => {
    expect(toPixels(value)).toBeCloseTo(pixels);
  });
});

test("linear ticks are round, begin at zero and enclose the data", () => {
  expect(linearTicks(23_456).map(([, text]) => text)).toEqual([
    "0",
    "5,000",
    "10,000",
    "15,000",
    "20,000",
    "25,000",
  ]);
});

test("ticks of a logarithmic axis are the powers of ten around the data", () => {
  expect(powerTicks(0.25, 30).map(([, text]) => text)).toEqual(["0.1", "1", "10", "100"]);
});

test("a plot is drawn with its points, its legend and escaped texts", () => {
  const axis: Axis = {
    label: "x",
    isLogarithmic: false,
    ticks: [
      [0, "0"],
      [10, "10"],
    ],
  };
  const points = [
    [0, 10],
    [10, 0],
  ] as const;
  const svg = plotSvg({ title: "a < b", x: axis, y: axis, series: [{ name: "one", color: "#000", points }] });
  expect(svg).toContain('points="80,50 600,350"');
  expect(svg).toContain(">one</text>");
  expect(svg).toContain("a &lt; b");
});

test("plots are drawn of the medians, and only of what was measured", () => {
  const plots = plotsOf(RUN);
  expect(Object.keys(plots)).toEqual(["performance-applications.svg", "performance-latency.svg"]);
  // 20,000 of 20,000 at the top, 19,000 a twentieth below it.
  expect(plots["performance-applications.svg"]).toContain('points="80,50 600,65"');
  expect(plots["performance-applications.svg"]).not.toContain("standalone");
  expect(plotsOf({ ...RUN, figures: [], distributions: {} })).toEqual({});
});

test("the page has the run, each goal with its verdict, and each figure", () => {
  const page = performancePage(RUN, ["performance-latency.svg"]);
  expect(page).toContain(
    "2026-01-02, commit abc123: 2 cores (A CPU), server and load on a core each, Node 24.21.0.",
  );
  expect(page).toContain("| G1 | GET | 0.61 | 0.5 | 0.65 | pass | by throughput |");
  expect(page).toContain("| G12 | idle | – | 0.02 | 0.01 | not measured |  |");
  expect(page).toContain("| scale / verifier / 10 / rate | 20,000 1/s | 18,000 … 30,000 | 3 |");
  expect(page).toContain("(performance-latency.svg)");
  expect(page).not.toContain("(performance-applications.svg)");
  expect(page).not.toContain("quick run");
  expect(page).not.toContain("A GET cost the reference");
});

test("the page has the speed of the machine beside that of the goals", () => {
  const figure = { name: "check / GET / reference / CPU per call", unit: "µs", values: [30, 27.8, 20] };
  expect(performancePage({ ...RUN, figures: [figure] }, [])).toContain(
    "A GET cost the reference 27.8 µs of CPU time. Where the goals in s, ms and µs were set it was 13.9 µs, so work that only waits for a core takes about 2 times as long here.",
  );
});
