import { spawn } from "node:child_process";
import { constants } from "node:os";
import { NODE, ROOT } from "./install.mjs";

const QUIET = "--disable-warning=ExperimentalWarning";

/**
 * Runs the project's own Node with these arguments to its end, on our standard streams, with `env` added to our environment. Returns the
 * exit status that
 * a shell would: the program's own, or 128 and the signal's number. Signals sent to us reach the program once.
 */
export function runNode(args, { cwd, env, stdio = "inherit" } = {}) {
  const child = spawn(NODE, [QUIET, ...args], {
    stdio,
    ...(cwd ? { cwd } : {}),
    ...(env ? { env: { ...process.env, ...env } } : {}),
  });
  const passOn = (signal) => {
    // A terminal gives Ctrl-C to each process of the foreground group, so the child has it already.
    if (signal !== "SIGINT" || !onTerminal()) child.kill(signal);
  };
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, passOn);
  return new Promise((resolve) => {
    child.on("error", (error) => {
      process.stderr.write(`${NODE} cannot be started: ${error.message}\n`);
      resolve(1);
    });
    child.on("exit", (code, signal) => resolve(code ?? 128 + constants.signals[signal]));
  });
}

/** The path of one of the project's files. */
export function projectFile(path) {
  return `${ROOT}${path}`;
}

function onTerminal() {
  return process.stdin.isTTY || process.stdout.isTTY || process.stderr.isTTY;
}
