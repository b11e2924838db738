import { type ChildProcess, fork, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { constants, setPriority } from "node:os";
import { fileURLToPath } from "node:url";
import { TRANSPORTS } from "../src/verifier/transport/transport.ts";
import { steadyChecks } from "./badpeer/goodClient.ts";
import { PEERS } from "./badpeer/peers.ts";
import { findCores, pinned } from "./lab/cores.ts";
import { imageVariables } from "./lab/imageFlags.ts";

/**
 * What a bad peer at the gRPC port costs others: while it is connected, a good client sends one signed Check after the other. Prints the
 * longest time without an answer (which other programs of the machine lengthen, as the first row shows), the most CPU time that the verifier's
 * thread took while the client waited for one answer, and the verifier's memory before, at the end, and 6 s after the peer is gone (the used heap after a
 * collection, and the resident set). `npm run bench -- badpeer [SECONDS [TEXT [TRANSPORT]]]`: 10 s for each peer whose name holds the text, on
 * each transport whose name holds TRANSPORT. The verifier has a core of its own, where there are two; on the other one the good client
 * comes before the bad peer. Its environment variables are those of the image.
 */
const [seconds = "10", text = "", transports = ""] = process.argv.slice(2);
const file = (name: string) => fileURLToPath(new URL(`./badpeer/${name}.ts`, import.meta.url));
const MIB = 1_048_576;
const cores = findCores();
if (cores.load !== undefined) spawnSync("taskset", ["-apc", String(cores.load), String(process.pid)]);

interface Memory {
  readonly rss: number;
  readonly used: number;
}

async function memory(server: ChildProcess): Promise<Memory> {
  server.send("memory");
  const [found] = (await once(server, "message")) as [Memory];
  return found;
}

async function row(transport: string, peer: string): Promise<string> {
  const env = { ...process.env, ...imageVariables(), COUNTERSIGN_TRANSPORT: transport };
  const [execPath, ...execArgv] = pinned(cores.server, process.execPath, ["--expose-gc"]);
  const server = fork(file("server"), { env, execPath, execArgv });
  const [{ port }] = (await once(server, "message")) as [{ port: number }];
  const pid = server.pid ?? Number.NaN;
  await steadyChecks(port, pid, 1_000);
  const before = await memory(server);
  const bad = spawn(process.execPath, [file("peers"), peer, String(port)], { stdio: "ignore" });
  await once(bad, "spawn");
  if (bad.pid !== undefined) setPriority(bad.pid, constants.priority.PRIORITY_LOW);
  const seen = await steadyChecks(port, pid, Number(seconds) * 1_000);
  const during = await memory(server);
  bad.kill("SIGKILL");
  await once(bad, "exit");
  await steadyChecks(port, pid, 6_000);
  const after = await memory(server);
  server.kill("SIGKILL");
  const used = [before, during, after].map((found) => (found.used / MIB).toFixed(0)).join(" / ");
  const rss = [before, during, after].map((found) => (found.rss / MIB).toFixed(0)).join(" / ");
  const gaps = [seen.longestGap, seen.gap999, seen.busiest].map((gap) => gap.toFixed(1).padStart(9)).join("");
  const rate = (seen.answered / Number(seconds)).toFixed(0);
  return `${transport.padEnd(9)}${peer.padEnd(44)}${gaps}${rate.padStart(9)}${String(seen.failed).padStart(9)}${used.padStart(20)}${rss.padStart(20)}\n`;
}

const heads = ["longest", "p99.9", "CPU ms", "Checks/s", "failed"].map((head) => head.padStart(9));
process.stdout.write(
  `${"a peer that".padEnd(53)}${heads.join("")}${"used MiB".padStart(20)}${"RSS MiB".padStart(20)}\n`,
);
for (const peer of Object.keys(PEERS).filter((name) => name.includes(text)))
  for (const transport of TRANSPORTS.filter((name) => name.includes(transports)))
    process.stdout.write(await row(transport, peer));
