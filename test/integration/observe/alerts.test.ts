import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { beforeAll, expect, test } from "@jest/globals";
import { parse, stringify } from "yaml";
import { ALERT_CASES, type Series } from "../../cases/alertCases.ts";
import { promtool } from "../../support/promtool.ts";
import { dashboardTargets } from "../../support/shownMetrics.ts";
import { temporaryFolder } from "../../support/temporaryFolder.ts";

const RULES = fileURLToPath(new URL("../../../helm/countersign/alerts/countersign.yaml", import.meta.url));

let folder: string;
beforeAll(async () => {
  folder = await temporaryFolder("alerts");
});

/** For promtool: how often the alert must have come to fire on these series after so many minutes. */
function unit(alert: string, minutes: number, series: Series, count: number): object {
  const expr = `count(ALERTS{alertname="${alert}",alertstate="firing"})`;
  const expected = count === 0 ? [] : [{ labels: "{}", value: count }];
  return {
    interval: "1m",
    input_series: Object.entries(series).map(([name, values]) => ({ series: name, values })),
    promql_expr_test: [{ expr, eval_time: `${minutes}m`, exp_samples: expected }],
  };
}

async function run(name: string, tests: readonly object[]) {
  const file = join(folder, `${name}.yaml`);
  await writeFile(file, stringify({ rule_files: [RULES], evaluation_interval: "1m", tests }));
  return await promtool(["test", "rules", file]);
}

test("promtool finds nothing wrong with the rules", async () => {
  const { status, output } = await promtool(["check", "rules", "--lint=all", "--lint-fatal", RULES]);
  expect(output).toContain(`${Object.keys(ALERT_CASES).length} rules found`);
  expect(status).toBe(0);
});

test("every alert has a case, and every case an alert", async () => {
  const { groups } = parse(await readFile(RULES, "utf8"));
  const names = groups.flatMap((group: { rules: { alert: string }[] }) =>
    group.rules.map(({ alert }) => alert),
  );
  expect(Object.keys(ALERT_CASES)).toEqual(names);
});

test.each(Object.entries(ALERT_CASES))(
  "%s fires on its condition, and is silent otherwise",
  async (alert, { minutes, fires, silent }) => {
    const tests = [unit(alert, minutes, fires, 1), unit(alert, minutes, silent, 0)];
    expect(await run(alert, tests)).toEqual({ status: 0, output: expect.stringContaining("SUCCESS") });
  },
);

test("promtool would fail if one did not fire", async () => {
  const [[alert = "", { minutes, silent }] = ["", { minutes: 0, silent: {} }]] = Object.entries(ALERT_CASES);
  const { status, output } = await run("wrong", [unit(alert, minutes, silent, 1)]);
  expect(status).not.toBe(0);
  expect(output).toContain("FAILED");
});

test("promtool understands every query of the dashboards", async () => {
  const rules = dashboardTargets().map(({ expr }, at) => ({ record: `countersign:query_${at}`, expr }));
  const file = join(folder, "queries.yaml");
  await writeFile(file, stringify({ groups: [{ name: "dashboards", rules }] }));
  const { status, output } = await promtool(["check", "rules", file]);
  expect(output).toContain(`${rules.length} rules found`);
  expect(status).toBe(0);
});
