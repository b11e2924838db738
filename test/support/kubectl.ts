import { spawn } from "node:child_process";
import { findKubernetesPart } from "../parts/kubernetes.ts";

/** Runs kubectl to its end; returns its standard output, throws with its standard error. */
export async function runKubectl(
  args: readonly string[],
  options: { stdin?: string; timeoutMs?: number } = {},
): Promise<string> {
  const child = spawn(await findKubernetesPart("kubectl"), args, {
    stdio: "pipe",
    timeout: options.timeoutMs ?? 120_000,
    env: { ...process.env, KUBECTL_KUBERC: "false" },
  });
  const printed = { out: "", error: "" };
  child.stdout.on("data", (chunk: Buffer) => {
    printed.out += chunk.toString();
  });
  child.stderr.on("data", (chunk: Buffer) => {
    printed.error += chunk.toString();
  });
  child.stdin.on("error", () => undefined);
  child.stdin.end(options.stdin ?? "");
  const code = await new Promise<number | null>((resolve, reject) => {
    child.on("error", reject);
    child.on("close", resolve);
  });
  if (code !== 0)
    throw new Error(
      `kubectl ${args.filter((arg) => !/kubeconfig|^--cache-dir=/.test(arg)).join(" ")}: ${printed.error.trim()}`,
    );
  return printed.out;
}

/** A kubeconfig for one cluster and one token. */
export function kubeconfig(server: string, caFile: string, token: string): string {
  return JSON.stringify({
    apiVersion: "v1",
    kind: "Config",
    clusters: [{ name: "test", cluster: { server, "certificate-authority": caFile } }],
    users: [{ name: "test", user: { token } }],
    contexts: [{ name: "test", context: { cluster: "test", user: "test", namespace: "default" } }],
    "current-context": "test",
  });
}
