import { spawn } from "node:child_process";
import { installIfNeeded, NODE, ROOT } from "./install.mjs";

/**
 * Runs one of the project's TypeScript programs on the project's own Node, installing first if needed:
 * `node scripts/run.mjs src/cli/main.ts ARGS…`. Exit status and signals are the program's.
 */
installIfNeeded();
const [program, ...args] = process.argv.slice(2);
const child = spawn(NODE, ["--disable-warning=ExperimentalWarning", `${ROOT}${program}`, ...args], {
  stdio: "inherit",
});
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) {
  // A terminal's Ctrl-C reaches the whole process group, so the child has it already: only what was sent to us alone is passed on.
  process.on(signal, () => {
    if (signal !== "SIGINT" || !process.stdin.isTTY) child.kill(signal);
  });
}
child.on("exit", (code, signal) => {
  process.exitCode = code ?? 128 + (signal === "SIGKILL" ? 9 : 15);
});
