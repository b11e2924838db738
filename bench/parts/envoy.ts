import { execFileSync } from "node:child_process";
import { parse } from "yaml";
import { countersignOutput } from "../../test/support/cluster.ts";
import { startEnvoy } from "../../test/support/envoyProcess.ts";
import { benchBootstrap } from "../lab/envoyBootstrap.ts";
import { interleave, type Lab, ROUNDS } from "../lab/lab.ts";
import { runLoad, writeRequests } from "../lab/load.ts";
import { signedRequest } from "../lab/requests.ts";
import { members } from "../lab/world.ts";
import { warmUp } from "./check.ts";
import type { Part } from "./part.ts";

const CONNECTIONS = 64;
const CALLERS = 1_000;

/** Requests per second through one Envoy worker that shares its core with the load; the server has the other core. */
export const envoy: Part = {
  name: "envoy",
  summary:
    "requests per second through Envoy with 64 connections, beside the reference behind the same Envoy",
  async run(lab) {
    const { target } = await lab.reference();
    const variants = [
      { name: "without ext_authz", port: await envoyBefore(lab, target, false) },
      { name: "reference", port: await envoyBefore(lab, target) },
      { name: "default", port: await envoyBefore(lab, (await lab.verifier()).target) },
    ];
    const requests = members(CALLERS).map((member) => signedRequest("GET", member));
    const frames = await writeRequests(lab.folder, "envoy", requests);
    const shape = { frames, isHttp: true, connections: CONNECTIONS, streams: 1 };
    for (const { port } of variants) await warmUp(lab, { target: `127.0.0.1:${port}`, ...shape });
    lab.say("envoy: without ext_authz, reference and default in turn …");
    await interleave(lab.pick(ROUNDS, 2), variants, async ({ name, port }) => {
      const timing = { seconds: lab.pick(1.5, 0.6), warmupSeconds: 0.3 };
      const load = { target: `127.0.0.1:${port}`, ...shape, ...timing };
      const { answered, seconds } = await runLoad(load, lab.cores);
      lab.book.add(`envoy / ${name} / rate`, "1/s", answered / seconds);
    });
  },
};

/** The port of an Envoy with the configuration of `countersign envoy-config`, which replies by itself to what the server allows. */
async function envoyBefore(lab: Lab, target: string, checks = true): Promise<number> {
  const config = await countersignOutput([
    ...["envoy-config", "--listen", "127.0.0.1:0", "--admin", "127.0.0.1:0", "--timeout", "5s"],
    ...["--upstream", "http://127.0.0.1:9", "--verifier", target],
  ]);
  const process = await startEnvoy(benchBootstrap(parse(config), checks));
  lab.defer(() => process.stop());
  const { load } = lab.cores;
  if (load !== undefined) execFileSync("taskset", ["-a", "-p", "-c", String(load), String(process.pid)]);
  return await process.listenerPort("in");
}
