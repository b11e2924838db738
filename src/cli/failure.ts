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
