import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { stringify } from "yaml";
import { countersign, countersignOutput } from "./cluster.ts";
import { type EnvoyProcess, startEnvoy } from "./envoyProcess.ts";
import { eventually } from "./events.ts";
import { temporaryFolder } from "./temporaryFolder.ts";
import { startUpstream, type Upstream } from "./upstream.ts";

/** How Envoy sends headers to the verifier: each line as it came, or a map of them. */
export const SHAPES = ["raw", "map"] as const;
export type HeaderShape = (typeof SHAPES)[number];

/** A `standalone` with an Envoy for each shape of headers before it. */
export interface BothShapes {
  readonly folder: string;
  readonly upstream: Upstream;
  /** Where the standalone serves its metrics, without the path. */
  readonly metricsUrl: string;
  readonly envoys: Readonly<Record<HeaderShape, EnvoyProcess>>;
  /** The key pair of the Application `mobile-app`. */
  readonly pair: { readonly key: string; readonly secret: string };
  stop(): Promise<void>;
}

/** Starts them over these objects, and resolves when both Envoys ask the verifier. `namespace` is that of `mobile-app`. */
export async function startBothShapes(namespace: string, objects: readonly object[]): Promise<BothShapes> {
  const [folder, upstream] = await Promise.all([temporaryFolder(namespace), startUpstream()]);
  await mkdir(join(folder, "yaml"));
  await writeFile(join(folder, "yaml/all.yaml"), objects.map((one) => stringify(one)).join("---\n"));
  const ports = ["--listen", "127.0.0.1:0", "--metrics-listen", "127.0.0.1:0"];
  const args = ["standalone", join(folder, "yaml"), ...ports, "--state-dir", join(folder, "state")];
  const standalone = countersign(args);
  const [, port, metrics] = await standalone.waitFor(/^ready +gRPC \S+:(\d+) +metrics (\S+)/m, 60_000);
  const metricsUrl = `http://${metrics}`;
  const envoys = await startEnvoysFor(Number(port), upstream.port);
  const stop = async () => {
    for (const envoy of Object.values(envoys)) await envoy.stop();
    await standalone.stop();
    await upstream.stop();
  };
  return { folder, upstream, metricsUrl, envoys, pair: await pairIn(folder, namespace), stop };
}

/** An Envoy for each shape of headers, before the verifier at that port; `more` are further flags of `envoy-config`. */
export async function startEnvoysFor(
  verifier: number,
  upstream: number,
  ...more: readonly string[]
): Promise<BothShapes["envoys"]> {
  const config = await countersignOutput([
    ...["envoy-config", "--listen", "127.0.0.1:0", "--admin", "127.0.0.1:0", "--timeout", "5s"],
    ...["--upstream", `http://127.0.0.1:${upstream}`, "--verifier", `127.0.0.1:${verifier}`, ...more],
  ]);
  const inMap = config.replaceAll(/"?encode_raw_headers"?: true/g, "encode_raw_headers: false");
  if (inMap === config) throw new Error("envoy-config does not ask for raw headers");
  const envoys = { raw: await startEnvoy(config), map: await startEnvoy(inMap) };
  for (const envoy of Object.values(envoys)) await serving(envoy);
  return envoys;
}

async function serving(envoy: EnvoyProcess): Promise<void> {
  const port = await envoy.listenerPort("in");
  await eventually(async () => (await fetch(`http://127.0.0.1:${port}/`)).status === 401);
}

async function pairIn(folder: string, namespace: string) {
  const file = join(folder, "state/credentials", namespace, "mobile-app-credentials.yaml");
  const text = await readFile(file, "utf8");
  const field = (name: string) => new RegExp(`${name}: (\\S+)`).exec(text)?.[1] ?? "";
  return { key: field("ApiAppKey"), secret: field("ApiAppSecret") };
}
