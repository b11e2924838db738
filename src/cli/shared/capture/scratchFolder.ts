import { rmSync } from "node:fs";
import { mkdtemp } from "node:fs/promises";
import { constants, tmpdir } from "node:os";
import { join } from "node:path";

const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/**
 * Runs `work` with a temporary folder that only this user may read, and removes the folder afterwards. It is removed too when the process
 * exits meanwhile or is ended by a signal, since it holds copies of key pairs; only SIGKILL leaves it. Without `endsBySignal` the work
 * itself ends on a signal.
 */
export async function withScratchFolder<T>(
  work: (folder: string) => Promise<T>,
  endsBySignal = true,
): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), "countersign-"));
  const remove = () => rmSync(folder, { recursive: true, force: true });
  // The status that a shell reports for a process that the signal has ended. process.exit runs `remove`.
  const exit = (signal: (typeof SIGNALS)[number]) => process.exit(128 + constants.signals[signal]);
  process.on("exit", remove);
  const signals = endsBySignal ? SIGNALS : [];
  for (const signal of signals) process.on(signal, exit);
  try {
    return await work(folder);
  } finally {
    for (const signal of signals) process.off(signal, exit);
    process.off("exit", remove);
    remove();
  }
}
