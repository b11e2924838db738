import type { Figure } from "../../bench/figures.ts";
import { rounded, withUnit } from "../../bench/report.ts";
import type { BenchRun } from "../../bench/run.ts";
import { median, spread } from "../../bench/statistics.ts";
import { AFTER_TABLES, BEFORE_TABLES } from "./text.ts";

/** docs/performance.md of a run; `plots` are the names of those that it has. */
export function performancePage(run: BenchRun, plots: readonly string[]): string {
  return [
    BEFORE_TABLES,
    "## The run",
    runLine(run),
    "",
    "## Goals",
    'A release must reach "must"; the project works towards "aim". Shares are of the reference in the same run, unless the goal names',
    "something else.",
    "",
    ...goalRows(run),
    "",
    ...plots.flatMap((name) => [`![${altOf(name)}](${name})`, ""]),
    "## All figures",
    "Median, and the smallest and largest value of the rounds.",
    "",
    "| figure | median | spread | rounds |",
    "|---|---|---|---|",
    ...run.figures.map(figureRow),
    "",
    AFTER_TABLES,
  ].join("\n");
}

/** What a GET cost the reference where the goals in s, ms and µs were set; µs of CPU time. */
const REFERENCE_OF_GOALS = 13.9;

function runLine(run: BenchRun): string {
  const { at, commit, quick, machine, transports } = run;
  const pinned = machine.pinned ? "server and load on a core each" : "nothing pinned to a core";
  const standard = transports[0] ? ` The default transport was \`${transports[0]}\`.` : "";
  const size = quick
    ? " It was a quick run, whose short rounds scatter, and in which some goals have smaller sizes."
    : "";
  return `${at.slice(0, 10)}, commit ${commit}: ${machine.cores} cores (${machine.cpu}), ${pinned}, Node ${machine.node.slice(1)}.${standard}${size}${speedOf(run)}`;
}

/** How fast the machine is beside the one of the goals that are no ratios; "" without the figure. */
function speedOf({ figures }: BenchRun): string {
  const values = figures.find(({ name }) => name === "check / GET / reference / CPU per call")?.values;
  if (!values) return "";
  const cost = median(values);
  const times = rounded(cost / REFERENCE_OF_GOALS);
  return ` A GET cost the reference ${withUnit(cost, "µs")} of CPU time. Where the goals in s, ms and µs were set it was ${REFERENCE_OF_GOALS} µs, so work that only waits for a core takes about ${times} times as long here.`;
}

function goalRows({ goals }: BenchRun): readonly string[] {
  const rows = goals.map(({ id, what, unit, value, must, aim, verdict, note }) => {
    const measured = value === undefined ? "–" : withUnit(value, unit);
    const cells = [id, what, measured, withUnit(must, unit), withUnit(aim, unit), verdict, note ?? ""];
    return `| ${cells.join(" | ")} |`;
  });
  return ["| | goal | measured | must | aim | | |", "|---|---|---|---|---|---|---|", ...rows];
}

function figureRow({ name, unit, values, note }: Figure): string {
  const [least, most] = spread(values);
  const between = values.length > 1 ? `${rounded(least)} … ${rounded(most)}` : "";
  const remark = note === undefined ? "" : ` (${note})`;
  return `| ${name}${remark} | ${withUnit(median(values), unit)} | ${between} | ${values.length} |`;
}

function altOf(name: string): string {
  return name.includes("latency")
    ? "Latency by quantile at 1,000 and 5,000 calls a second, of the reference and a verifier"
    : "Check/s by number of Applications, of a verifier and standalone";
}
