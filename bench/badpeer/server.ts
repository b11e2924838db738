import { LoopbackVerifiers } from "../../test/support/loopbackVerifier.ts";

const TICK_MS = 5;

/**
 * A verifier in a process of its own. Sends its port; on each message what memory it uses after a collection, and the most CPU time that
 * its thread took between two ticks of a timer since the last message: how long a call can have waited for others, on a machine of its own.
 */
const { grpc } = await new LoopbackVerifiers().started();
let last = process.threadCpuUsage();
let busiest = 0;
setInterval(() => {
  const { user, system } = process.threadCpuUsage(last);
  last = process.threadCpuUsage();
  busiest = Math.max(busiest, (user + system) / 1_000);
}, TICK_MS);
process.on("message", () => {
  const busyMs = busiest;
  globalThis.gc?.();
  const { rss, heapUsed, external } = process.memoryUsage();
  process.send?.({ rss, used: heapUsed + external, busyMs });
  last = process.threadCpuUsage();
  busiest = 0;
});
process.send?.({ port: Number(grpc.split(":").pop()) });
