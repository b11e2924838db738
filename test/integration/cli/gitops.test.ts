import { chmod, cp, mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { parse } from "yaml";
import { Program } from "../../support/childProcess.ts";
import { freshBundle } from "../../support/freshBundle.ts";
import { removeFolder, temporaryFolder } from "../../support/temporaryFolder.ts";

const ROOT = fileURLToPath(new URL("../../../", import.meta.url));
const EXPORT_GRANT = `apiVersion: countersign.dev/v1alpha1
kind: ApiGrant
metadata: {name: export, namespace: team-shop}
spec:
  environment: release
  apis:
  - {name: export, hosts: [api.shop.example.com], paths: [{type: Exact, value: /orders/export}], methods: [GET]}
  applications: [{name: back-office}]
`;

let folder: string;
let env: NodeJS.ProcessEnv;
/** A folder with two checkouts, and `countersign` on the PATH. */
beforeAll(async () => {
  folder = await temporaryFolder("gitops");
  for (const side of ["old", "new"])
    await cp(join(ROOT, "examples/quickstart"), join(folder, side, "resources"), { recursive: true });
  await writeFile(join(folder, "new/resources/5-export.yaml"), EXPORT_GRANT);
  await mkdir(join(folder, "bin"));
  const program = `#!/bin/sh\nexec "${process.execPath}" "${await freshBundle()}" "$@"\n`;
  await writeFile(join(folder, "bin/countersign"), program);
  await chmod(join(folder, "bin/countersign"), 0o755);
  env = {
    ...process.env,
    PATH: `${join(folder, "bin")}:${process.env.PATH}`,
    GITHUB_STEP_SUMMARY: join(folder, "summary.md"),
  };
}, 60_000);
afterAll(async () => await removeFolder(folder));

async function run(
  script: string,
  cwd: string,
): Promise<{ readonly status: number | string; readonly output: string }> {
  const program = new Program("bash", ["-euo", "pipefail", "-c", script], { name: "step", cwd, env });
  return { status: await program.ended, output: program.output };
}

interface Step {
  readonly name?: string;
  readonly run?: string;
  readonly "working-directory"?: string;
}

test("the workflow for GitHub validates the change, and writes what it opens and closes into the summary", async () => {
  const workflow = parse(await readFile(join(ROOT, "examples/gitops/github-actions.yaml"), "utf8"));
  const steps: readonly Step[] = workflow.jobs.review.steps;
  for (const name of ["Validate", "Compare access"]) {
    const step = steps.find((one) => one.name === name);
    const { status, output } = await run(
      step?.run ?? "exit 9",
      join(folder, step?.["working-directory"] ?? ""),
    );
    expect([name, output, status]).toEqual([name, expect.anything(), 0]);
  }
  const summary = await readFile(join(folder, "summary.md"), "utf8");
  expect(summary).toContain("opens access for 1 Application, and closes access for 1 Application");
  expect(summary).toContain(
    "| 🔴 closes | `team-shop/mobile-app` | `GET` `POST` | `api.shop.example.com/orders/export` Exact |",
  );
});

test("the job for GitLab does the same with the checkout of the target branch beside it", async () => {
  const { countersign } = parse(await readFile(join(ROOT, "examples/gitops/gitlab-ci.yaml"), "utf8"));
  const lines: readonly string[] = countersign.script.filter((line: string) => !/^(npm|git) /.test(line));
  expect(lines.length).toBeGreaterThan(2);
  const { status, output } = await run(lines.join("\n"), join(folder, "new"));
  expect([output, status]).toEqual([expect.stringContaining("🟢 opens"), 0]);
});
