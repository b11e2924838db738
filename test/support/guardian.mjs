import { createInterface } from "node:readline";

/**
 * Kills what a test process leaves behind. It reads `+PID` (started) and `-PID` (ended) lines from that process; when the
 * input ends, however the process went, a SIGKILL included, all that is still running is killed by its id.
 */
const running = new Set();
for await (const line of createInterface({ input: process.stdin })) {
  const pid = Number(line.slice(1));
  if (line.startsWith("+")) running.add(pid);
  else running.delete(pid);
}
for (const pid of running) {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // It ended by itself meanwhile.
  }
}
