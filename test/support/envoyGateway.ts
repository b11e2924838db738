import { mkdir, readdir, readFile, rename, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { stringify } from "yaml";
import { run } from "../parts/cache.ts";
import { findEnvoy } from "../parts/envoy.ts";
import { findEnvoyGateway } from "../parts/envoyGateway.ts";
import { Program } from "./childProcess.ts";
import { eventually } from "./events.ts";
import { guard, unguard } from "./guard.ts";
import { lockMachine } from "./machineLock.ts";
import { holdPort, reservePort } from "./ports.ts";
import { removeFolder, temporaryFolder } from "./temporaryFolder.ts";

/** The version that an EnvoyProxy of this machine names; whatever Envoy the tests found runs under it. */
export const ENVOY_VERSION = "1.40.0";

/** Ports that Envoy Gateway and its Envoy listen on and that nothing can set: xDS, Wasm, probes, readiness. */
const FIXED_PORTS = [18_000, 18_002, 8_081, 19_003];

/** Envoy Gateway without Kubernetes: it reads its resources from a file, and starts Envoy on this machine. */
export interface EnvoyGatewayProcess {
  readonly output: string;
  /** Replaces all resources. */
  write(resources: readonly object[]): Promise<void>;
  stop(): Promise<void>;
}

/** What is to be undone at the end, the last one first. */
type Ends = (() => unknown)[];

export async function startEnvoyGateway(resources: readonly object[]): Promise<EnvoyGatewayProcess> {
  const folder = await temporaryFolder("envoy-gateway");
  const ends: Ends = [() => removeFolder(folder)];
  const stop = async () => {
    for (const end of ends.splice(0).reverse()) await end();
  };
  try {
    const write = (of: readonly object[]) => writeResources(folder, of);
    await prepare(folder);
    await write(resources);
    await holdFixedPorts(ends);
    const program = await startProgram(folder, ends);
    return {
      write,
      stop,
      get output() {
        return program.output;
      },
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Resolves once it has started its Envoy, which it ends before itself. */
async function startProgram(folder: string, ends: Ends): Promise<Program> {
  const args = ["server", "--config-path", join(folder, "config.yaml")];
  const program = new Program(await findEnvoyGateway(), args, { name: "envoy-gateway" });
  let envoys: readonly number[] = [];
  ends.push(async () => {
    await program.stop("SIGTERM");
    for (const pid of envoys) unguard(pid);
  });
  envoys = await eventually(() => childrenOf(program), { timeoutMs: 120_000, intervalMs: 200 });
  for (const pid of envoys) guard(pid);
  return program;
}

async function prepare(folder: string): Promise<void> {
  const bin = join(folder, "data/envoy-versions", ENVOY_VERSION, "bin");
  await mkdir(bin, { recursive: true });
  await symlink(await findEnvoy(), join(bin, "envoy"));
  await mkdir(join(folder, "resources"));
  await run(await findEnvoyGateway(), ["certgen", "--local", "--config-home", join(folder, "config")]);
  await writeFile(join(folder, "config.yaml"), stringify(configuration(folder, await reservePort())));
}

function configuration(folder: string, adminPort: number): object {
  const places = { configHome: "config", dataHome: "data", stateHome: "state", runtimeDir: "run" };
  const host = Object.fromEntries(Object.entries(places).map(([name, place]) => [name, join(folder, place)]));
  return {
    apiVersion: "gateway.envoyproxy.io/v1alpha1",
    kind: "EnvoyGateway",
    gateway: { controllerName: "gateway.envoyproxy.io/gatewayclass-controller" },
    provider: {
      type: "Custom",
      custom: {
        resource: { type: "File", file: { paths: [join(folder, "resources")] } },
        infrastructure: { type: "Host", host },
      },
    },
    extensionApis: { enableBackend: true },
    admin: { address: { host: "127.0.0.1", port: adminPort } },
    telemetry: { metrics: { prometheus: { disable: true } } },
  };
}

/** Moved into place at once, so that half of it is never read. */
async function writeResources(folder: string, resources: readonly object[]): Promise<void> {
  const text = resources.map((one) => stringify(one, { aliasDuplicateObjects: false })).join("---\n");
  await writeFile(join(folder, "next.yaml"), text);
  await rename(join(folder, "next.yaml"), join(folder, "resources/all.yaml"));
}

/**
 * Waits until no other run on this machine has Envoy Gateway's ports, nor an outgoing connection (where the system takes such low ports
 * for them), and holds them.
 */
async function holdFixedPorts(ends: Ends): Promise<void> {
  ends.push(await lockMachine("envoy-gateway", 120_000));
  for (const port of FIXED_PORTS) {
    const { release } = await eventually(() => holdPort(port), { timeoutMs: 120_000, intervalMs: 500 });
    ends.push(release);
  }
}

/** The ids of the program's own children, from Linux; undefined while it has no child. */
async function childrenOf(program: Program): Promise<readonly number[] | undefined> {
  if (program.hasEnded) throw new Error(`Envoy Gateway ended at its start:\n${program.output.slice(-3_000)}`);
  const tasks = `/proc/${program.pid}/task`;
  const texts = await Promise.all(
    (await readdir(tasks)).map((task) => readFile(`${tasks}/${task}/children`, "utf8").catch(() => "")),
  );
  const pids = texts.join(" ").trim().split(/\s+/).filter(Boolean).map(Number);
  return pids.length > 0 ? pids : undefined;
}
