import { createServer } from "node:net";
import { eventually } from "./events.ts";

/**
 * Waits until no other process of this machine has the lock of this name, and takes it; the returned function gives it back. It is a
 * Unix socket in Linux's abstract namespace: the kernel gives it back when the process ends, and its scope is that of TCP ports, a
 * network namespace.
 */
export async function lockMachine(name: string, timeoutMs: number): Promise<() => Promise<void>> {
  const server = createServer();
  server.unref();
  const take = () =>
    new Promise<true>((resolve, reject) => {
      server.once("error", reject);
      server.listen(`\0countersign-${name}`, () => {
        server.off("error", reject);
        resolve(true);
      });
    });
  await eventually(take, { timeoutMs, intervalMs: 500 });
  return () => new Promise((resolve) => server.close(() => resolve()));
}
