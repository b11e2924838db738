import { Registry } from "prom-client";
import { exposeBuildInfo } from "../src/observe/metrics/buildInfo.ts";
import { operatorGauges, operatorMetrics } from "../src/observe/metrics/operatorMetrics.ts";
import { DELAY_SAMPLE_MS, exposeProcess } from "../src/observe/metrics/processMetrics.ts";
import { verifierMetrics } from "../src/observe/metrics/verifierMetrics.ts";

/** What one kind of process exports. */
export interface Exported {
  readonly title: string;
  readonly registry: Registry;
  /** What the table does not show. */
  readonly note?: string;
}

const DELAYS = `The delay of the event loop is measured every ${DELAY_SAMPLE_MS} ms and includes that time: a loop that nothing holds up has ${DELAY_SAMPLE_MS / 1_000} s.`;

/** The registries as they are at a start: every series at 0. */
export function exported(): readonly Exported[] {
  const [shared, verifier, operator] = [new Registry(), new Registry(), new Registry()];
  exposeBuildInfo(shared, "");
  exposeProcess(shared);
  verifierMetrics(verifier);
  operatorMetrics(operator);
  operatorGauges(operator);
  return [
    { title: "Of verifiers (and standalone)", registry: verifier },
    { title: "Of the operator (and standalone)", registry: operator },
    { title: "Of every process", registry: shared, note: DELAYS },
  ];
}

/** docs/metrics.md */
export async function metricsPage(): Promise<string> {
  const tables = await Promise.all(
    exported().map(async ({ title, registry, note }) =>
      [`## ${title}`, await table(registry), ...(note === undefined ? [] : ["", note]), ""].join("\n"),
    ),
  );
  return [
    "# Metrics",
    "",
    "Every process serves `GET /metrics` on `--metrics-listen` (port 9090). All series exist at 0 from the start, so that a rate works from the first event. Labels take values of fixed sets; beside them there are names that admins gave: verifiers, Applications and APIs, with at most 1,000 series of each metric, beyond which they share the series `other`. What callers choose is never a label.",
    "",
    tables.join("\n"),
  ].join("\n");
}

async function table(registry: Registry): Promise<string> {
  const metrics = await registry.getMetricsAsJSON();
  const rows = metrics.map(({ name, type, help }) => {
    const labels = labelsOf(registry, name).map((label) => `\`${label}\``);
    return `| \`${name}\` | ${type} | ${labels.join(" ")} | ${help} |`;
  });
  return ["| metric | type | labels | meaning |", "|---|---|---|---|", ...rows].join("\n");
}

/** The labels that a metric was declared with, also where it has no series yet. */
export function labelsOf(registry: Registry, name: string): readonly string[] {
  const metric: object = registry.getSingleMetric(name) ?? {};
  return "labelNames" in metric && Array.isArray(metric.labelNames) ? metric.labelNames.map(String) : [];
}
