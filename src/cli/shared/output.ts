import { EXIT, statusOfFailure } from "./exitStatus.ts";

/** How the process ends when its output cannot be written. */
export interface BrokenOutput {
  readonly status: number;
  /** Undefined: nothing is printed. */
  readonly message: string | undefined;
}

/** Ends the process when standard output or standard error cannot be written. */
export function endOnBrokenOutput(command: string | undefined): void {
  process.stdout.on("error", ({ code }: NodeJS.ErrnoException) => {
    const { status, message } = brokenOutput(code, command);
    if (message !== undefined) process.stderr.write(`countersign: ${message}\n`);
    process.exit(status);
  });
  // There is no other place for the reason.
  process.stderr.on("error", ({ code }: NodeJS.ErrnoException) =>
    process.exit(brokenOutput(code, command).status),
  );
}

/**
 * Writes to standard output, and resolves when the text is written, so that a long text is neither buffered nor truncated by the exit
 * of the process. It never resolves after a failed write: endOnBrokenOutput ends the process.
 */
export async function writeOutput(text: string): Promise<void> {
  await new Promise<void>((resolve) => {
    process.stdout.write(text, (error) => {
      if (!error) resolve();
    });
  });
}

/**
 * The reader may close the pipe early (EPIPE), as head does. That is no failure, so nothing is printed, and the status is the one
 * that a shell reports for SIGPIPE. Any other error, such as a full disk, is a failure of the command.
 */
export function brokenOutput(code: string | undefined, command: string | undefined): BrokenOutput {
  if (code === "EPIPE") return { status: EXIT.closedOutput, message: undefined };
  return { status: statusOfFailure(command), message: `the output cannot be written (${code})` };
}
