import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { findAddOnCrds } from "../parts/addOns.ts";
import { findHttpRouteCrd } from "../parts/gatewayApi.ts";
import { type Cluster, startCluster } from "../support/cluster.ts";
import { type Snippet, snippetsIn } from "../support/docs/markdown.ts";
import { createSandbox, type Sandbox } from "../support/docs/sandbox.ts";
import {
  applicationManifest,
  domainManifest,
  grantManifest,
  namespaceManifest,
} from "../support/manifests.ts";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const HOST = "api.shop.example.com";

let cluster: Cluster;
let sandbox: Sandbox;
beforeAll(async () => {
  cluster = await startCluster();
  for (const file of [await findHttpRouteCrd(), ...(await findAddOnCrds())])
    await cluster.kubectl("apply", "--server-side", "-f", file);
  await cluster.apply(...["team-shop", "team-partner", "argocd", "gateway"].map(namespaceManifest));
  await cluster.apply(
    domainManifest("shop", "team-shop", HOST),
    applicationManifest("mobile-app", "team-shop"),
    applicationManifest("reporting", "team-partner"),
    grantManifest("partners", "team-shop", HOST),
    { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "argocd-cm", namespace: "argocd" } },
  );
  await cluster.ready("team-shop", "application/mobile-app", "apigrant/partners");
  sandbox = await createSandbox({
    kubeconfig: cluster.server.kubeconfig,
    ports: {
      8080: cluster.port,
      9090: Number(new URL(cluster.verifier.metricsUrl).port),
      9901: Number(new URL(cluster.envoy.adminUrl).port),
    },
  });
}, 180_000);
afterAll(async () => {
  await sandbox?.remove();
  await cluster?.stop();
});

/** What becomes of a snippet, by its kind; other kinds are shown, not pasted, or are run by a suite of their own. */
const CHECKS: Readonly<Record<string, (text: string) => Promise<unknown>>> = {
  sh: (text) => sandbox.sh(text),
  yaml: async (text) => {
    await sandbox.write("snippet.yaml", text);
    await sandbox.sh(
      "kubectl apply --server-side --dry-run=server --validate=strict --force-conflicts -f snippet.yaml",
    );
  },
  "yaml values": async (text) => {
    await sandbox.write("values.yaml", text);
    await sandbox.sh("helm install countersign helm/countersign -f values.yaml");
  },
};
/** Output, diagrams, programs that `npm run test:clients` runs, and fragments that the suites of their pages check. */
const SHOWN = new Set(["", "text", "json", "bash", "python", "js", "go", "java", "mermaid", "yaml envoy"]);

const pages = [
  "README.md",
  "CONTRIBUTING.md",
  ...markdownIn("docs"),
  ...markdownIn("examples"),
  ...markdownIn("helm"),
];

function markdownIn(folder: string): readonly string[] {
  return (
    readdirSync(join(ROOT, folder), { recursive: true, encoding: "utf8" })
      .map((name) => join(folder, name))
      // A unit test holds their blocks equal to those of the English pages.
      .filter((name) => name.endsWith(".md") && !name.startsWith("docs/zh/"))
      .sort()
  );
}

const snippetsOf = (page: string) => snippetsIn(readFileSync(join(ROOT, page), "utf8"));

describe.each(pages.filter((page) => snippetsOf(page).length > 0))("%s", (page) => {
  const snippets = snippetsOf(page).filter(({ kind }) => !SHOWN.has(kind));

  test("states the kind of each block", () => {
    expect(snippetsOf(page).filter(({ kind }) => !SHOWN.has(kind) && !CHECKS[kind])).toEqual([]);
  });

  if (snippets.length > 0)
    test.each(snippets.map((snippet) => [snippet.line, firstLine(snippet), snippet] as const))(
      "line %i can be pasted: %s",
      async (_line, _first, { kind, text }) => {
        await CHECKS[kind]?.(text);
      },
      120_000,
    );
});

function firstLine({ text }: Snippet): string {
  return (text.split("\n")[0] ?? "").slice(0, 60);
}

test("a block that is wrong is refused", async () => {
  await expect(
    CHECKS.yaml?.(
      "apiVersion: countersign.dev/v1alpha1\nkind: Application\nmetadata: {name: x, namespace: team-shop}\nspec: {displayname: typo}\n",
    ),
  ).rejects.toThrow("displayname");
  await expect(CHECKS.sh?.("countersign explain --requests request.txt")).rejects.toThrow("--request <file>");
  await expect(CHECKS.sh?.("npm run quikstart")).rejects.toThrow("no script quikstart");
});
