import { ListenFailure } from "../../observe/listenFailure.ts";
import { EXIT } from "./exitStatus.ts";

/** Exit status of a command that could not run: its command line, or something that it needs, is missing or unusable. */
export const USAGE = EXIT.unusable;

/** The command could not do what was asked; the message says what to do, and holds no secret. */
export class CliFailure extends Error {
  override readonly name: string = "CliFailure";
  /** Undefined: the status of a failure of the command that runs. */
  readonly exitCode: number | undefined;

  constructor(message: string, exitCode?: number) {
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
