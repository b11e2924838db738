import { spawn } from "node:child_process";
import { connect, createServer, type Server } from "node:net";
import { fileURLToPath } from "node:url";
import { listen } from "./support/ports.ts";

/**
 * `npm run test:churn -- [--rate N] ARGS…`: runs `npm test -- ARGS…` while this process opens and closes outgoing connections on
 * 127.0.0.1, 200 per second by default (`--rate`). Each goes to a listener of its own on a port that the kernel picked. On Linux
 * connections get the even ports first and listeners the odd ones, so both are needed to take the ports that others leave free: a
 * closed connection keeps its port in TIME_WAIT for a minute, a listener stays open for two seconds.
 */
const TEST = fileURLToPath(new URL("../scripts/test.mjs", import.meta.url));
const TICK_MS = 10;
const LISTENER_LIFE_MS = 2_000;

const { rate, args } = readArgs(process.argv.slice(2));
const counts = { opened: 0, failed: 0 };
const started = performance.now();
const timer = setInterval(churn, TICK_MS);
const child = spawn(process.execPath, [TEST, ...args], { stdio: "inherit" });
for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => child.kill(signal));
const status = await new Promise<number>((resolve) => child.on("exit", (code) => resolve(code ?? 1)));
clearInterval(timer);
const seconds = (performance.now() - started) / 1_000;
process.stderr.write(
  `churn: ${counts.opened} connections in ${Math.round(seconds)} s, ${counts.failed} failed\n`,
);
process.exit(status);

function readArgs(given: readonly string[]): { readonly rate: number; readonly args: readonly string[] } {
  const [first, value, ...rest] = given;
  if (first !== "--rate") return { rate: 200, args: given };
  const rate = Number(value);
  if (!(rate > 0)) throw new Error("--rate needs a number of connections per second, for example 200");
  return { rate, args: rest };
}

/** Opens as many connections as are due. */
function churn(): void {
  const due = ((performance.now() - started) * rate) / 1_000;
  while (counts.opened < due) {
    counts.opened += 1;
    open().catch(() => {
      counts.failed += 1;
    });
  }
}

/** The connecting side closes first, so that its port is the one that stays in TIME_WAIT. */
async function open(): Promise<void> {
  const server = createServer((socket) => socket.on("error", () => undefined).resume());
  await listen(server);
  setTimeout(() => server.close(), LISTENER_LIFE_MS);
  await new Promise<void>((resolve, reject) => {
    const socket = connect(portOf(server), "127.0.0.1", () => socket.end());
    socket.on("error", reject);
    socket.on("close", () => resolve());
  });
}

function portOf(server: Server): number {
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("the listener has no port");
  return address.port;
}
