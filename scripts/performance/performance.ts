import { readFile } from "node:fs/promises";
import type { BenchRun } from "../../bench/run.ts";
import { performancePage } from "./page.ts";
import { plotsOf } from "./plots.ts";

/** docs/performance.md and its plots, made from docs/performance.json. */
export async function performanceFiles(
  root: string,
): Promise<readonly { readonly name: string; readonly text: string }[]> {
  const run = JSON.parse(await readFile(`${root}docs/performance.json`, "utf8")) as BenchRun;
  const plots = plotsOf(run);
  return [
    { name: "docs/performance.md", text: performancePage(run, Object.keys(plots)) },
    ...Object.entries(plots).map(([name, text]) => ({ name: `docs/${name}`, text })),
  ];
}
