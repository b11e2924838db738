/** One curve or number of a panel: PromQL, and what Grafana calls it. */
export type Query = readonly [expr: string, legend: string];

/** A panel without its place. */
export interface Panel {
  readonly title: string;
  readonly description: string;
  readonly type: "timeseries" | "stat";
  /** Of 24 columns. */
  readonly width: number;
  /** Of Grafana's units: s, reqps, percentunit, bytes, short. */
  readonly unit: string;
  readonly isStacked: boolean;
  readonly queries: readonly Query[];
}

const DATASOURCE = { type: "prometheus", uid: "$datasource" };
const ROW_HEIGHT = { timeseries: 8, stat: 4 } as const;

/** A single number. */
export function stat(title: string, unit: string, expr: string, description: string): Panel {
  return { title, description, type: "stat", width: 4, unit, isStacked: false, queries: [[expr, title]] };
}

/** Curves over time, half as wide as the page. */
export function curves(title: string, unit: string, queries: readonly Query[], description: string): Panel {
  return { title, description, type: "timeseries", width: 12, unit, isStacked: false, queries };
}

/** Curves on top of each other, where their sum means something. */
export function stacked(title: string, unit: string, queries: readonly Query[], description: string): Panel {
  return { ...curves(title, unit, queries, description), isStacked: true };
}

/** A dashboard as Grafana imports it: panels from left to right and top to bottom. */
export function dashboard(uid: string, title: string, panels: readonly Panel[]): object {
  return {
    uid,
    title,
    tags: ["countersign"],
    schemaVersion: 39,
    editable: true,
    refresh: "30s",
    time: { from: "now-6h", to: "now" },
    templating: { list: [datasource(), namespace()] },
    panels: placed(panels),
  };
}

function placed(panels: readonly Panel[]): object[] {
  let [x, y, height] = [0, 0, 0];
  return panels.map((panel, index) => {
    if (x + panel.width > 24) [x, y, height] = [0, y + height, 0];
    height = Math.max(height, ROW_HEIGHT[panel.type]);
    const gridPos = { x, y, w: panel.width, h: ROW_HEIGHT[panel.type] };
    x += panel.width;
    return panelObject(panel, index + 1, gridPos);
  });
}

function panelObject(panel: Panel, id: number, gridPos: object): object {
  const { title, description, type, unit, isStacked, queries } = panel;
  const custom = { fillOpacity: isStacked ? 30 : 5, stacking: { mode: isStacked ? "normal" : "none" } };
  return {
    id,
    title,
    description,
    type,
    gridPos,
    datasource: DATASOURCE,
    fieldConfig: {
      defaults: { unit, min: 0, ...(type === "timeseries" ? { custom } : {}) },
      overrides: [],
    },
    options:
      type === "stat"
        ? { reduceOptions: { calcs: ["lastNotNull"] }, colorMode: "none" }
        : { legend: { displayMode: "list", placement: "bottom" }, tooltip: { mode: "multi", sort: "desc" } },
    targets: queries.map(([expr, legendFormat], at) => ({
      refId: String.fromCharCode(65 + at),
      datasource: DATASOURCE,
      expr,
      legendFormat,
    })),
  };
}

function datasource(): object {
  return { name: "datasource", label: "Data source", type: "datasource", query: "prometheus" };
}

/** All of them also where nothing carries this label: on bare machines. */
function namespace(): object {
  return {
    name: "namespace",
    label: "Namespace",
    type: "query",
    datasource: DATASOURCE,
    query: "label_values(countersign_build_info, namespace)",
    refresh: 2,
    includeAll: true,
    allValue: ".*",
    multi: true,
    current: { text: "All", value: "$__all" },
  };
}
