import { readFileSync } from "node:fs";
import { expect, test } from "@jest/globals";
import { parse } from "yaml";
import { ENVOY_VERSION } from "../../parts/envoy.ts";
import { KUBERNETES_VERSION } from "../../parts/kubernetes.ts";

const read = (name: string) => readFileSync(new URL(`../../../${name}`, import.meta.url), "utf8");
const manifest = JSON.parse(read("package.json"));

/** The table of SECURITY.md, by its first column. */
function supported(): ReadonlyMap<string, string> {
  const section = /^## Supported versions\n([\s\S]*?)^## /m.exec(read("SECURITY.md"))?.[1] ?? "";
  return new Map(
    [...section.matchAll(/^\| (\w+) \| (.*) \|$/gm)].map(([, what = "", text = ""]) => [what, text]),
  );
}

test("SECURITY.md supports the Kubernetes versions that the chart accepts, and names the one that the tests run on", () => {
  const [, oldest] = /^>=(\d+\.\d+)\.0-0$/.exec(parse(read("helm/countersign/Chart.yaml")).kubeVersion) ?? [];
  expect(supported().get("Kubernetes")).toBe(
    `${oldest} or newer; the tests run on ${KUBERNETES_VERSION.slice(1)}`,
  );
});

test("SECURITY.md supports the Envoy versions of docs/upgrade.md, and names the one that the tests run on", () => {
  const [, a, b, c] =
    /(\d+\.\d+\.\d+), (\d+\.\d+\.\d+) or (\d+\.\d+\.\d+) and newer/.exec(read("docs/upgrade.md")) ?? [];
  expect(supported().get("Envoy")).toBe(
    `${a}, ${b}, ${c} and newer versions of these lines; the tests run on ${ENVOY_VERSION}`,
  );
});

test("SECURITY.md supports the Node versions of package.json, and names the one that the tests run on", () => {
  const oldest = manifest.engines.node.replace(">=", "");
  expect(supported().get("Node")).toBe(
    `${oldest} or newer; the tests run on ${manifest.devDependencies.node}`,
  );
});
