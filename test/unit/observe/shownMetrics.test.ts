import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "@jest/globals";
import { exported, labelsOf, metricsPage } from "../../../scripts/metricsTable.ts";
import { alertRules, dashboardTargets, selectorsOf } from "../../support/shownMetrics.ts";

const RUNBOOKS = new URL("../../../docs/runbooks/", import.meta.url);
/** What Prometheus adds to each series of a target. */
const OF_TARGETS = ["namespace", "instance", "pod", "job", "le"];
/** Labels whose values are names, of which none is known before there are objects. */
const NAMES = ["verifier", "application", "version", "form"];

const exprs = [...dashboardTargets(), ...alertRules()].map(({ expr }) => expr);
const selectors = exprs.flatMap(selectorsOf);

/** What every process exports from its start: each metric's labels, and each label's values. */
async function known() {
  const metrics = new Map<string, { labels: readonly string[]; values: ReadonlyMap<string, Set<string>> }>();
  for (const { registry } of exported()) {
    for (const { name, values } of await registry.getMetricsAsJSON()) {
      const labels = labelsOf(registry, name);
      const of = new Map(labels.map((label) => [label, new Set<string>()]));
      for (const one of values)
        for (const [label, value] of Object.entries(one.labels)) of.get(label)?.add(String(value));
      metrics.set(name, { labels, values: of });
    }
  }
  return metrics;
}

test("dashboards and alerts name only metrics that are exported, by labels that they have", async () => {
  expect(selectors.length).toBeGreaterThan(60);
  const metrics = await known();
  for (const { metric, matchers } of selectors) {
    expect([...metrics.keys()]).toContain(metric);
    const labels = [...(metrics.get(metric)?.labels ?? []), ...OF_TARGETS];
    for (const [label] of matchers)
      expect([metric, labels]).toEqual([metric, expect.arrayContaining([label])]);
  }
});

test("they ask only for values that exist from the start", async () => {
  const metrics = await known();
  let count = 0;
  for (const { metric, matchers } of selectors) {
    for (const [label, value] of matchers.filter(([name]) => ![...OF_TARGETS, ...NAMES].includes(name))) {
      const values = [...(metrics.get(metric)?.values.get(label) ?? [])];
      for (const one of value.split("|")) {
        expect([metric, label, values]).toEqual([metric, label, expect.arrayContaining([one])]);
        count += 1;
      }
    }
  }
  expect(count).toBeGreaterThan(20);
});

test("they group by existing labels, and their texts quote existing labels", async () => {
  const metrics = await known();
  const texts = [
    ...dashboardTargets().map(({ expr, legend }) => ({ expr, text: legend })),
    ...alertRules().map(({ expr, annotations }) => ({ expr, text: Object.values(annotations).join(" ") })),
  ];
  for (const { expr, text } of texts) {
    const labels = selectorsOf(expr).flatMap(({ metric }) => metrics.get(metric)?.labels ?? []);
    const grouped = [...expr.matchAll(/\bby \(([^)]*)\)/g)].flatMap(([, names = ""]) => names.split(", "));
    const told = [...text.matchAll(/\{\{ ?(?:\$labels\.)?(\w+) ?\}\}/g)].map(([, name = ""]) => name);
    for (const name of [...grouped, ...told]) expect([expr, ...labels, ...OF_TARGETS]).toContain(name);
    // A text cannot quote a label that the aggregation drops.
    if (grouped.length > 0) for (const name of told) expect([expr, ...grouped]).toContain(name);
  }
});

test("every metric of our own is on a dashboard or in an alert, but for the limit that only doctor reads", async () => {
  const shown = new Set(selectors.map(({ metric }) => metric));
  const own = [...(await known()).keys()].filter((name) => name.startsWith("countersign_"));
  expect(own.filter((name) => !shown.has(name))).toEqual(["countersign_max_request_bytes"]);
});

test("processes export their CPU, memory, event loop lag and garbage collection", async () => {
  expect([...(await known()).keys()]).toEqual(
    expect.arrayContaining([
      "process_start_time_seconds",
      "process_cpu_seconds_total",
      "process_resident_memory_bytes",
      "nodejs_eventloop_lag_p99_seconds",
      "nodejs_gc_duration_seconds",
    ]),
  );
});

test("only counters have the suffix _total", async () => {
  const all = await Promise.all(exported().map(({ registry }) => registry.getMetricsAsJSON()));
  const named = all.flat().filter(({ name }) => name.endsWith("_total"));
  expect(named.filter(({ type }) => String(type) !== "counter").map(({ name }) => name)).toEqual([]);
});

test("every alert has a runbook page, and every page an alert", () => {
  const alerts = alertRules().map(({ alert }) => alert);
  expect(new Set(alerts).size).toBe(alerts.length);
  expect(readdirSync(RUNBOOKS).sort()).toEqual(alerts.map((alert) => `${alert}.md`).sort());
});

describe.each(alertRules().map((rule) => [rule.alert, rule] as const))(
  "%s",
  (alert, { labels, annotations }) => {
    test("has a severity, a description and the address of its runbook", () => {
      expect(["critical", "warning", "info"]).toContain(labels.severity);
      expect(annotations.summary).toMatch(/\.$/);
      expect(annotations.description).toMatch(/\.$/);
      expect(annotations.runbook_url).toBe(`docs/runbooks/${alert}.md`);
    });

    test("its runbook states the meaning, the checks and the remedy, with links that resolve", () => {
      const page = readFileSync(new URL(`${alert}.md`, RUNBOOKS), "utf8");
      expect(page).toMatch(
        new RegExp(
          `^# ${alert}\n\n## What it means\n[^]+\n\n## What to look at\n- [^]+\n\n## How to fix it\n- `,
        ),
      );
      for (const [, link = ""] of page.matchAll(/\]\(([^)#]+)/g))
        expect(() => readFileSync(new URL(link, RUNBOOKS))).not.toThrow();
    });
  },
);

test("docs/metrics.md names every metric", async () => {
  const page = await metricsPage();
  for (const name of (await known()).keys()) expect(page).toContain(`| \`${name}\` |`);
});
