import { type ListenerName, ListenFailure } from "../../observe/listenFailure.ts";
import { EXIT } from "./exitStatus.ts";

/** Exit status of a command that could not run: its command line, or something that it needs, is missing or unusable. */
export const USAGE = EXIT.unusable;

/** A failure of a command. The message includes the remedy, and contains no secret. */
export class CliFailure extends Error {
  override readonly name: string = "CliFailure";
  /** Default: the command's own status for a failure. */
  readonly exitCode: number | undefined;

  constructor(message: string, exitCode?: number) {
    super(message);
    this.exitCode = exitCode;
  }
}

const FLAGS: Readonly<Record<ListenerName, string>> = {
  gRPC: "--listen",
  metrics: "--metrics-listen",
  console: "--port",
};

/** The error as a failure whose message names the flag to change; undefined for a bug, whose stack trace is needed. */
export function failureOf(error: unknown): CliFailure | undefined {
  if (error instanceof CliFailure) return error;
  if (!(error instanceof ListenFailure)) return undefined;
  return new CliFailure(`${error.message}; choose another address with ${FLAGS[error.listener]}`);
}
