import { readdirSync, readFileSync } from "node:fs";
import { parse } from "yaml";

const CHART = new URL("../../helm/countersign/", import.meta.url);

export interface Rule {
  readonly alert: string;
  readonly expr: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
}

/** The alerts that the chart ships. */
export function alertRules(): readonly Rule[] {
  const { groups } = parse(readFileSync(new URL("alerts/countersign.yaml", CHART), "utf8"));
  return groups.flatMap((group: { readonly rules: readonly Rule[] }) => group.rules);
}

export interface Target {
  readonly panel: string;
  /** PromQL, with Grafana's variables replaced as Grafana would. */
  readonly expr: string;
  readonly legend: string;
}

/** The queries of the dashboards that the chart ships. */
export function dashboardTargets(): readonly Target[] {
  return readdirSync(new URL("dashboards/", CHART)).flatMap((file) => {
    const { panels } = JSON.parse(readFileSync(new URL(`dashboards/${file}`, CHART), "utf8"));
    return panels.flatMap(
      (panel: { title: string; targets: readonly { expr: string; legendFormat: string }[] }) =>
        panel.targets.map(({ expr, legendFormat }) => ({
          panel: `${file}: ${panel.title}`,
          expr: expr.replaceAll("$__rate_interval", "5m").replaceAll("$namespace", ".*"),
          legend: legendFormat,
        })),
    );
  });
}

export interface Selector {
  readonly metric: string;
  readonly matchers: readonly (readonly [label: string, value: string])[];
}

/** Every metric that an expression selects; a histogram's series go by the histogram's name. */
export function selectorsOf(expr: string): readonly Selector[] {
  return [...expr.matchAll(/\b((?:countersign|process)_[a-z_]+)(?:\{([^}]*)\})?/g)].map(
    ([, name = "", matchers = ""]) => ({
      metric: name.replace(/_bucket$/, ""),
      matchers: [...matchers.matchAll(/(\w+)(?:=~|!=|!~|=)"([^"]*)"/g)].map(
        ([, label = "", value = ""]) => [label, value] as const,
      ),
    }),
  );
}
