import { mkdir, readFile, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { stringify } from "yaml";
import { customResourceDefinition, KINDS } from "../src/api/crds.ts";
import { GROUP } from "../src/api/names.ts";
import { EVENT_REASONS } from "../src/operator/conditions/eventReasons.ts";
import { REASONS } from "../src/operator/conditions/reasons.ts";
import { dashboards } from "./dashboards/dashboards.ts";
import { envoyExamples } from "./envoyExamples.ts";
import { exitStatusesPage } from "./exitStatuses.ts";
import { metricsPage } from "./metricsTable.ts";
import { performanceFiles } from "./performance/performance.ts";
import { referencePage } from "./reference.ts";
import { REFERENCE_PAGES } from "./referenceExamples.ts";
import { translatedFiles } from "./translations/pages.ts";

/** Writes crds/ with the chart's copy, docs/reasons.md, docs/metrics.md, docs/exit-statuses.md, argocd/, the dashboards, the Envoy examples and docs/performance.md with its plots from their sources, and the code blocks of README.zh-CN.md and docs/zh/ from the English pages; with --check it writes nothing and fails when a file is not what it would write. */
const root = new URL("../", import.meta.url);
const check = process.argv.includes("--check");
const crds = KINDS.map((definition) => ({
  name: `${GROUP}_${definition.plural}.yaml`,
  text: stringify(customResourceDefinition(definition), { lineWidth: 0, aliasDuplicateObjects: false }),
}));
const kustomization = stringify({
  apiVersion: "kustomize.config.k8s.io/v1beta1",
  kind: "Kustomization",
  resources: crds.map((file) => file.name),
});

function table(title: string, reasons: Readonly<Record<string, string>>): string {
  const rows = Object.entries(reasons).map(([reason, meaning]) => `| \`${reason}\` | ${meaning} |`);
  return [`## ${title}`, "| reason | meaning |", "|---|---|", ...rows, ""].join("\n");
}

const reasons = [
  "# Reasons",
  "",
  "Stable words: scripts and alerts may be built on them. `Ready` repeats the reason of the first condition that is not True.",
  "",
  table("Of conditions", REASONS),
  table("Of Events", EVENT_REASONS),
].join("\n");

/** A patch of Argo CD's own ConfigMap; its keys know no wildcard. */
const health = await readFile(new URL("argocd/health.lua", root), "utf8");
const argocd = stringify(
  {
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: { name: "argocd-cm", namespace: "argocd" },
    data: Object.fromEntries(
      KINDS.map(({ kind }) => [`resource.customizations.health.${GROUP}_${kind}`, health]),
    ),
  },
  { lineWidth: 0, blockQuote: "literal" },
);

const CHART_CRDS = "helm/countersign/files/crds/";
const DASHBOARDS = "helm/countersign/dashboards/";
const files = [
  ...crds.flatMap(({ name, text }) => ["crds/", CHART_CRDS].map((folder) => ({ name: folder + name, text }))),
  { name: "crds/kustomization.yaml", text: kustomization },
  { name: "docs/reasons.md", text: reasons },
  ...REFERENCE_PAGES.map((page) => ({
    name: `docs/reference/${page.definition.kind.toLowerCase()}.md`,
    text: referencePage(page),
  })),
  { name: "docs/exit-statuses.md", text: exitStatusesPage() },
  { name: "docs/metrics.md", text: await metricsPage() },
  ...Object.entries(dashboards()).map(([name, object]) => ({
    name: `${DASHBOARDS}${name}`,
    text: `${JSON.stringify(object, undefined, 2)}\n`,
  })),
  { name: "argocd/argocd-cm.yaml", text: argocd },
  ...(await envoyExamples(fileURLToPath(root))),
  ...(await performanceFiles(fileURLToPath(root))),
  ...translatedFiles(fileURLToPath(root)),
];
for (const folder of ["crds/", CHART_CRDS, DASHBOARDS])
  await mkdir(new URL(folder, root), { recursive: true });
for (const { name, text } of files) {
  const place = new URL(name, root);
  if (!check) await writeFile(place, text);
  else if ((await readFile(place, "utf8").catch(() => "")) !== text) {
    process.stderr.write(`${name} is not current: run npm run generate\n`);
    process.exitCode = 1;
  }
}
