import type { Distribution } from "../../bench/figures.ts";
import type { BenchRun } from "../../bench/run.ts";
import { median } from "../../bench/statistics.ts";
import { linearTicks, type Plot, plotSvg, powerTicks, type Series } from "./plot.ts";

const COLORS = { reference: "#777", verifier: "#1f6feb", standalone: "#d2691e" } as const;
const QUANTILE_TICKS = [
  [2, "50 %"],
  [10, "90 %"],
  [100, "99 %"],
  [1_000, "99.9 %"],
  [10_000, "99.99 %"],
] as const;

/** The plots of a run by file name, without those that it measured nothing for. */
export function plotsOf(run: BenchRun): Readonly<Record<string, string>> {
  const plots = {
    "performance-applications.svg": throughputPlot(run),
    "performance-latency.svg": latencyPlot(run),
  };
  return Object.fromEntries(
    Object.entries(plots).flatMap(([name, plot]) => (plot ? [[name, plotSvg(plot)]] : [])),
  );
}

/** Check/s by number of Applications, from figures such as `scale / verifier / 1000 / rate`. */
function throughputPlot({ figures }: BenchRun): Plot | undefined {
  const series = (["verifier", "standalone"] as const).map((program): Series => {
    const points = figures.flatMap(({ name, values }): (readonly [number, number])[] => {
      const count = new RegExp(`^scale / ${program} / (\\d+) / rate$`).exec(name)?.[1];
      return count === undefined ? [] : [[Number(count), median(values)]];
    });
    return { name: program, color: COLORS[program], points };
  });
  const drawn = series.filter(({ points }) => points.length > 0);
  const all = drawn.flatMap(({ points }) => points);
  if (all.length === 0) return undefined;
  const sizes = all.map(([size]) => size);
  return {
    title: "Check/s on one core by number of Applications",
    x: {
      label: "Applications",
      isLogarithmic: true,
      ticks: powerTicks(Math.min(...sizes), Math.max(...sizes)),
    },
    y: {
      label: "Check/s",
      isLogarithmic: false,
      ticks: linearTicks(Math.max(...all.map(([, rate]) => rate))),
    },
    series: drawn,
  };
}

/** Latency by quantile, on an axis that gives each further nine the same room. */
function latencyPlot({ distributions }: BenchRun): Plot | undefined {
  const series = [1_000, 5_000].flatMap((rate) =>
    (["reference", "verifier"] as const).flatMap((server): readonly Series[] => {
      const found = distributions[`latency / ${rate} / ${server === "verifier" ? "default" : server}`];
      if (!found) return [];
      const name = `${server}, ${rate.toLocaleString("en-US")}/s`;
      return [{ name, color: COLORS[server], isDashed: rate === 1_000, points: pointsOf(found) }];
    }),
  );
  const values = series.flatMap(({ points }) => points.map(([, ms]) => ms));
  if (values.length === 0) return undefined;
  return {
    title: "Latency of a Check at a fixed rate (open loop)",
    x: { label: "share of calls answered within", isLogarithmic: true, ticks: QUANTILE_TICKS },
    y: {
      label: "milliseconds",
      isLogarithmic: true,
      ticks: powerTicks(Math.min(...values), Math.max(...values)),
    },
    series,
  };
}

function pointsOf(distribution: Distribution): readonly (readonly [number, number])[] {
  return distribution
    .filter(([quantile]) => quantile >= 0.5 && quantile < 1)
    .map(([quantile, ms]) => [1 / (1 - quantile), ms]);
}
