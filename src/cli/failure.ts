import { ListenFailure } from "../observe/listenFailure.ts";

/** Exit status of a command line that is not understood. */
export const USAGE = 2;

/** The command could not do what was asked; the message says what to do, and holds no secret. */
export class CliFailure extends Error {
  override readonly name = "CliFailure";
  readonly exitCode: number;

  constructor(message: string, exitCode = 1) {
    super(message);
    this.exitCode = exitCode;
  }
}

/** What every command can fail with, with the flag to change; undefined for a bug, whose stack trace is wanted. */
export function failureOf(error: unknown): CliFailure | undefined {
  if (error instanceof CliFailure) return error;
  if (!(error instanceof ListenFailure)) return undefined;
  const flag = error.listener === "gRPC" ? "--listen" : "--metrics-listen";
  return new CliFailure(`${error.message}; choose another address with ${flag}`);
}
