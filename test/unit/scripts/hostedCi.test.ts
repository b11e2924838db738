import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "@jest/globals";
import { parse } from "yaml";

interface Step {
  readonly uses?: string;
  readonly run?: string;
  readonly with?: Readonly<Record<string, unknown>>;
}

const ROOT = new URL("../../../", import.meta.url);
const read = (name: string) => readFileSync(new URL(name, ROOT), "utf8");
const text = read(".github/workflows/ci.yml");
const workflow = parse(text);
const jobs: readonly { readonly steps: readonly Step[] }[] = Object.values(workflow.jobs);
const steps = jobs.flatMap((job) => job.steps);
/** The settings of an action, by the action's name without its version. */
const settings = (action: string) =>
  steps.find(({ uses }) => uses?.startsWith(`actions/${action}@`))?.with ?? {};

test("hosted CI runs on each push to main and on each pull request, without the rights of the base repository", () => {
  expect(workflow.on).toEqual({ push: { branches: ["main"] }, pull_request: null });
});

test("hosted CI runs .ci/run once, and no check of its own", () => {
  expect(steps.filter(({ run }) => run?.endsWith("bash .ci/run"))).toHaveLength(1);
  expect(steps.filter(({ run }) => /\b(?:npm|node|npx)\b/.test(run ?? ""))).toEqual([]);
  expect(workflow.jobs).toEqual({
    ci: expect.objectContaining({ "runs-on": expect.stringMatching(/^ubuntu-/), "timeout-minutes": 90 }),
  });
});

test("hosted CI may read the repository, and nothing else", () => {
  expect(workflow.permissions).toEqual({ contents: "read" });
  expect(jobs.filter((job) => "permissions" in job)).toEqual([]);
  expect(settings("checkout")).toEqual({ "persist-credentials": false });
  expect(text).not.toContain("secrets.");
});

test("hosted CI uses the hosting platform's own actions, each pinned to a major version", () => {
  const uses = steps.flatMap((step) => step.uses ?? []);
  expect(uses).toHaveLength(6);
  expect(uses.filter((name) => !/^actions\/[a-z-]+@v\d+$/.test(name))).toEqual([]);
});

test("hosted CI sets up the Node of .nvmrc, and the newest Go that a module of the parts needs", () => {
  expect(settings("setup-node")).toEqual({ "node-version-file": ".nvmrc" });
  const modules = readdirSync(new URL("test/parts", ROOT), { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith("go.mod"))
    .map((name) => `test/parts/${name}`);
  const goOf = (name: string) => /^go (\S+)$/m.exec(read(name))?.[1] ?? "";
  const versions = modules.map(goOf).sort((a, b) => a.localeCompare(b, "en", { numeric: true }));
  expect(modules.length).toBeGreaterThan(1);
  expect(goOf(String(settings("setup-go")["go-version-file"]))).toBe(versions.at(-1));
});

test("hosted CI keeps the real parts from run to run, in the folder that .ci/run is given", () => {
  expect(settings("cache").path).toBe("~/.cache/countersign/parts");
  const command = steps.find(({ run }) => run?.includes(".ci/run"))?.run;
  expect(command).toContain('"COUNTERSIGN_PARTS=$HOME/.cache/countersign/parts"');
});
