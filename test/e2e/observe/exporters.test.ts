import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { type Cluster, startCluster } from "../../support/cluster.ts";
import { eventually } from "../../support/events.ts";
import { promtool } from "../../support/promtool.ts";
import { type Shop, startShop } from "../../support/shop.ts";
import { alertRules, dashboardTargets, selectorsOf } from "../../support/shownMetrics.ts";

let cluster: Cluster;
let shop: Shop;
const pages = new Map<string, string>();

beforeAll(async () => {
  [cluster, shop] = await Promise.all([startCluster(), startShop(65_536)]);
  await eventually(async () => {
    pages.set("operator", await metricsOf(`${cluster.operator.metricsUrl}/metrics`));
    return pages.get("operator")?.includes("countersign_operator_leading 1\n");
  });
  pages.set("verifier", await metricsOf(`${cluster.verifier.metricsUrl}/metrics`));
  pages.set("standalone", await metricsOf(shop.metricsUrl));
}, 180_000);
afterAll(async () => {
  await shop?.stop();
  await cluster?.stop();
});

async function metricsOf(url: string): Promise<string> {
  return await (await fetch(url)).text();
}

const namesIn = (page: string) => [...page.matchAll(/^# TYPE (\S+) /gm)].map(([, name = ""]) => name);

describe.each(["operator", "verifier", "standalone"])("/metrics of a running %s", (process) => {
  test("is as promtool wants it", async () => {
    const page = pages.get(process) ?? "";
    expect(page).toContain("countersign_build_info{");
    expect(await promtool(["check", "metrics"], page)).toEqual({ status: 0, output: "" });
  });
});

test("promtool would fail if it were not", async () => {
  const { status, output } = await promtool(
    ["check", "metrics"],
    "# TYPE wrong_total gauge\nwrong_total 1\n",
  );
  expect(status).not.toBe(0);
  expect(output).toContain("wrong_total");
});

test("running processes export every metric that dashboards and alerts name", () => {
  const exported = ["operator", "verifier"].flatMap((process) => namesIn(pages.get(process) ?? ""));
  const named = [...dashboardTargets(), ...alertRules()].flatMap(({ expr }) => selectorsOf(expr));
  expect(exported).toEqual(expect.arrayContaining([...new Set(named.map(({ metric }) => metric))]));
});

test("standalone exports what operator and verifier do", () => {
  const both = ["operator", "verifier"].flatMap((process) => namesIn(pages.get(process) ?? ""));
  expect(namesIn(pages.get("standalone") ?? "").sort()).toEqual([...new Set(both)].sort());
});
