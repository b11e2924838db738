import { type ChildProcess, spawn } from "node:child_process";
import type { Socket } from "node:net";
import { fileURLToPath } from "node:url";

const GUARDIAN = fileURLToPath(new URL("guardian.mjs", import.meta.url));
const guarded = new Set<number>();
let guardian: ChildProcess | undefined;

/**
 * From now on this process is killed when ours is gone. An `exit` handler would not do: it does not run on a signal, and
 * jest hands tests a copy of `process`.
 */
export function guard(pid: number): void {
  guardian ??= startGuardian();
  guarded.add(pid);
  guardian.stdin?.write(`+${pid}\n`);
}

/** This process has ended, and its id may be another's soon. The guardian leaves when nothing is left to guard. */
export function unguard(pid: number): void {
  if (!guarded.delete(pid)) return;
  guardian?.stdin?.write(`-${pid}\n`);
  if (guarded.size > 0) return;
  guardian?.stdin?.end();
  guardian = undefined;
}

/** In a process group of its own, so that a Ctrl-C, which ends ours, leaves it the time to do its work. */
function startGuardian(): ChildProcess {
  const child = spawn(process.execPath, [GUARDIAN], { stdio: ["pipe", "ignore", "ignore"], detached: true });
  child.on("error", (error) => {
    throw error;
  });
  child.stdin.on("error", () => undefined);
  child.unref();
  (child.stdin as Socket).unref();
  return child;
}
