import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { stringify } from "yaml";
import { findEnvoy } from "../parts/envoy.ts";
import { Program } from "./childProcess.ts";
import { eventually, Hopeless } from "./events.ts";
import { removeFolder, temporaryFolder } from "./temporaryFolder.ts";

/** A running Envoy. */
export interface EnvoyProcess {
  readonly adminUrl: string;
  /** The port that the system gave to the listener of this name. */
  listenerPort(name: string): Promise<number>;
  /** All it printed, the access log included. */
  readonly output: string;
  readonly pid: number;
  stop(): Promise<void>;
}

/** Starts Envoy with a bootstrap (an object, or YAML text) whose addresses may have port 0; resolves once it is live. */
export async function startEnvoy(bootstrap: object | string): Promise<EnvoyProcess> {
  const folder = await temporaryFolder("envoy");
  const config = join(folder, "envoy.yaml");
  await writeFile(config, typeof bootstrap === "string" ? bootstrap : stringify(bootstrap));
  const admin = join(folder, "admin");
  const args = [
    "-c",
    config,
    "--disable-hot-restart",
    "--concurrency",
    "1",
    "--log-level",
    "warning",
    "--admin-address-path",
    admin,
  ];
  const program = new Program(await findEnvoy(), args, { name: "envoy" });
  const stop = async () => {
    await program.stop("SIGTERM");
    await removeFolder(folder);
  };
  try {
    const adminUrl = await live(program, admin);
    return {
      adminUrl,
      listenerPort: (name) => listenerPort(adminUrl, name),
      stop,
      pid: program.pid,
      get output() {
        return program.output;
      },
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function live(program: Program, adminFile: string): Promise<string> {
  return await eventually(async () => {
    if (program.hasEnded) throw new Hopeless(`Envoy ended at its start:\n${program.output}`);
    const url = `http://${await readFile(adminFile, "utf8")}`;
    const answer = await fetch(`${url}/ready`);
    return answer.ok ? url : undefined;
  });
}

async function listenerPort(adminUrl: string, name: string): Promise<number> {
  const answer = await fetch(`${adminUrl}/listeners?format=json`);
  const { listener_statuses: listeners } = (await answer.json()) as {
    listener_statuses: { name: string; local_address: { socket_address: { port_value: number } } }[];
  };
  const found = listeners.find((listener) => listener.name === name);
  if (!found) throw new Error(`Envoy has no listener ${name}`);
  return found.local_address.socket_address.port_value;
}
