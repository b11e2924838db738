import { EXIT } from "./exitStatus.ts";
import { CliFailure } from "./failure.ts";

/**
 * A signal that aborts on the first SIGINT or SIGTERM, so that the command can shut down gracefully. The second one exits the
 * process immediately.
 */
export function untilSignal(): AbortSignal {
  const controller = new AbortController();
  for (const name of ["SIGINT", "SIGTERM"] as const) {
    process.on(name, () => {
      if (controller.signal.aborted) process.exit(statusOf(name));
      controller.abort(new DOMException(name, "AbortError"));
    });
  }
  return controller.signal;
}

/** The failure of a command that was interrupted before it was done: 130 for SIGINT, 143 for SIGTERM. */
export function interrupted(signal: AbortSignal, message = "interrupted"): CliFailure {
  return new CliFailure(
    message,
    statusOf(signal.reason instanceof DOMException ? signal.reason.message : ""),
  );
}

function statusOf(signal: string): number {
  return signal === "SIGTERM" ? EXIT.terminated : EXIT.interrupted;
}

/** Resolves once the signal has aborted. */
export function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener("abort", () => resolve(), { once: true });
  });
}
