import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { findHelm } from "../parts/helm.ts";

/** The project's chart. */
export const CHART = fileURLToPath(new URL("../../helm/countersign", import.meta.url));

/** Runs Helm to its end, with values as JSON on its standard input; returns its standard output, throws with its standard error. */
export async function runHelm(
  args: readonly string[],
  options: { readonly values?: object; readonly kubeconfig?: string; readonly timeoutMs?: number } = {},
): Promise<string> {
  const { values, kubeconfig } = options;
  const { PATH, TMPDIR } = process.env;
  const more = [...(values ? ["--values", "-"] : []), ...(kubeconfig ? ["--kubeconfig", kubeconfig] : [])];
  const child = spawn(await findHelm(), [...args, ...more], {
    stdio: "pipe",
    timeout: options.timeoutMs ?? 120_000,
    // Nothing of the user who runs the tests: no plugins, no repositories, no registry's credentials.
    env: { PATH, TMPDIR, HOME: "/nonexistent", HELM_CACHE_HOME: "/nonexistent" },
  });
  const printed = { out: "", error: "" };
  child.stdout.on("data", (chunk: Buffer) => {
    printed.out += chunk;
  });
  child.stderr.on("data", (chunk: Buffer) => {
    printed.error += chunk;
  });
  child.stdin.on("error", () => undefined);
  child.stdin.end(JSON.stringify(values ?? {}));
  const code = await new Promise<number | null>((resolve, reject) => {
    child.on("error", reject);
    child.on("close", resolve);
  });
  if (code !== 0) throw new Error(`helm ${args.join(" ")}: ${printed.error.trim()}`);
  return printed.out;
}

/** What the chart gives for these values, as YAML, as in the namespace countersign-system of a cluster of today. */
export function renderChart(values: object = {}, args: readonly string[] = []): Promise<string> {
  const release = ["template", "countersign", CHART, "--namespace", "countersign-system"];
  return runHelm([...release, "--kube-version", "v1.36.3", ...args], { values });
}
