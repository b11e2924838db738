import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { run } from "../parts/cache.ts";
import { findEnvoy } from "../parts/envoy.ts";
import { findKubernetesPart } from "../parts/kubernetes.ts";
import { Program } from "../support/childProcess.ts";
import { CHART, runHelm } from "../support/helm.ts";
import { archiveImages } from "../support/image.ts";
import { runKubectl } from "../support/kubectl.ts";
import { removeFolder, temporaryFolder } from "../support/temporaryFolder.ts";

const { version } = JSON.parse(
  readFileSync(fileURLToPath(new URL("../../package.json", import.meta.url)), "utf8"),
) as { version: string };

export const SYSTEM = "countersign-system";
/** Where Envoy runs. */
export const EDGE = "edge";
export const RELEASE = "countersign";

export interface Images {
  readonly countersign: string;
  readonly envoy: string;
  /** Of the version that is upgraded from. */
  readonly older?: string;
}

/** A checkout of an older version, with its bundle built, from which the tests upgrade. */
const OLDER_CHECKOUT = process.env.COUNTERSIGN_UPGRADE_FROM;
export const hasOlder = OLDER_CHECKOUT !== undefined;

/**
 * The images' names in the cluster. With COUNTERSIGN_CLUSTER_LOAD, a command that takes an archive (`kind load image-archive`), both
 * are built and loaded here; without it the cluster has them, or can pull them, and nothing is upgraded from an older version.
 */
export async function provideImages(): Promise<Images> {
  const load = process.env.COUNTERSIGN_CLUSTER_LOAD;
  if (!load && hasOlder)
    throw new Error(
      "COUNTERSIGN_UPGRADE_FROM needs COUNTERSIGN_CLUSTER_LOAD, by which the older version's image gets into the cluster",
    );
  if (!load)
    return {
      countersign: process.env.COUNTERSIGN_IMAGE ?? `countersign:${version}`,
      envoy: process.env.ENVOY_IMAGE ?? "envoyproxy/envoy:distroless-v1.40.0",
    };
  const folder = await temporaryFolder("images");
  try {
    const images = await archiveImages(folder, await findEnvoy(), OLDER_CHECKOUT);
    for (const { file } of Object.values(images)) await run("sh", ["-c", `${load} "$1"`, "sh", file]);
    const { countersign, envoy, older } = images;
    return {
      countersign: countersign.name,
      envoy: envoy.name,
      ...(older ? { older: older.name } : {}),
    };
  } finally {
    await removeFolder(folder);
  }
}

/** The kubeconfig of the cluster to install into. Throws an error with the remedy when it is missing. */
function kubeconfig(): string {
  const file = process.env.KUBECONFIG;
  if (!file)
    throw new Error(
      "KUBECONFIG names no cluster: start one (kind create cluster), load the image (CONTRIBUTING.md), and set KUBECONFIG to its kubeconfig.",
    );
  return file;
}

export function kubectl(...args: readonly string[]): Promise<string> {
  return runKubectl(["--kubeconfig", kubeconfig(), ...args], { timeoutMs: 180_000 });
}

export async function apply(...objects: readonly object[]): Promise<void> {
  await runKubectl(["--kubeconfig", kubeconfig(), "apply", "--server-side", "-f", "-"], {
    stdin: JSON.stringify({ apiVersion: "v1", kind: "List", items: objects }),
  });
}

export async function get<T = { items: { metadata: { name: string } }[] }>(
  ...args: readonly string[]
): Promise<T> {
  return JSON.parse(await kubectl("get", ...args, "-o", "json")) as T;
}

/** Runs Helm in the release's namespace. */
export function helm(...args: readonly string[]): Promise<string> {
  return runHelm([...args, "--namespace", SYSTEM], { kubeconfig: kubeconfig(), timeoutMs: 300_000 });
}

/** Helm's arguments for the chart under test, with the image that was loaded. */
export function chartArgs({ countersign }: Images, ...settings: readonly string[]): readonly string[] {
  return argsOf(CHART, countersign, settings);
}

/** The same for the chart of the older version. */
export function olderChartArgs({ older }: Images): readonly string[] {
  if (!older || !OLDER_CHECKOUT) throw new Error("no older version is there");
  return argsOf(join(OLDER_CHECKOUT, "helm/countersign"), older, []);
}

function argsOf(chart: string, name: string, settings: readonly string[]): readonly string[] {
  const at = name.lastIndexOf(":");
  const image = [`image.repository=${name.slice(0, at)}`, `image.tag=${name.slice(at + 1)}`];
  const usual = ["image.pullPolicy=IfNotPresent", `tls.clientNamespaces={${EDGE}}`];
  const all = [...image, ...usual, ...settings];
  return [chart, ...all.flatMap((setting) => ["--set", setting]), "--wait", "--timeout", "3m"];
}

/** A way to a Pod's port through the API server; `port` is on this machine. */
export async function forward(namespace: string, pod: string, port: number) {
  const program = new Program(
    await findKubernetesPart("kubectl"),
    ["--kubeconfig", kubeconfig(), "port-forward", "-n", namespace, pod, `:${port}`],
    { name: "kubectl port-forward" },
  );
  const [, local] = await program.waitFor(/Forwarding from 127\.0\.0\.1:(\d+)/, 60_000);
  return { port: Number(local), stop: () => program.stop("SIGTERM") };
}
