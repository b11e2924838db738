import { describe, expect, test } from "@jest/globals";
import { commandOf, createProgram, reportFailure } from "../../../../src/cli/program.ts";
import { COMMAND_STATUSES, EXIT, MEANINGS, statusOfFailure } from "../../../../src/cli/shared/exitStatus.ts";
import { CliFailure } from "../../../../src/cli/shared/failure.ts";
import { brokenOutput } from "../../../../src/cli/shared/output.ts";
import { interrupted } from "../../../../src/cli/shared/untilSignal.ts";

const commands = (await createProgram()).commands.map((command) => command.name());

test("the table has a row for each command, in the order of --help", () => {
  expect(Object.keys(COMMAND_STATUSES)).toEqual(commands);
});

test("each status has one meaning, in ascending order", () => {
  expect(MEANINGS.map(([status]) => status)).toEqual(Object.values(EXIT).toSorted((a, b) => a - b));
});

describe.each(commands)("%s --help", (name) => {
  test("explains the statuses that the command ends with, and no other", async () => {
    let help = "";
    const command = (await createProgram(name)).commands.find((one) => one.name() === name);
    command?.configureOutput({ writeOut: (text) => (help += text) });
    command?.outputHelp();
    const { ok, failed, unusable } = COMMAND_STATUSES[name] ?? {};
    for (const [status, text] of Object.entries([ok, failed, unusable]))
      if (text === undefined) expect(help).not.toMatch(new RegExp(`^  ${status}  `, "m"));
      else expect(help).toContain(`\n  ${status}  ${text}\n`);
  });
});

describe("a failure", () => {
  const verdicts = ["explain", "doctor", "replay"];
  const servers = ["standalone", "operator", "verifier"];

  test.each(verdicts)("of %s is 2, because 1 is its verdict", (command) => {
    expect(statusOfFailure(command)).toBe(2);
  });

  test.each(servers)("of %s is 1, so that a supervisor may restart it", (command) => {
    expect(statusOfFailure(command)).toBe(1);
  });

  test("keeps the status that it names, whatever the command", () => {
    const failure = new CliFailure("the kubeconfig cannot be used", EXIT.unusable);
    expect(reportFailure(failure, "operator", () => {})).toBe(2);
  });

  test("without a status, or a bug, has the status of the command's failures", () => {
    for (const error of [new CliFailure("a port could not be opened"), new TypeError("a bug")]) {
      expect(reportFailure(error, "operator", () => {})).toBe(1);
      expect(reportFailure(error, "explain", () => {})).toBe(2);
    }
  });
});

describe("an interrupted command", () => {
  const cases: Record<string, number> = { SIGINT: 130, SIGTERM: 143 };
  test.each(Object.entries(cases))("ends with the status that a shell reports for %s", (name, status) => {
    const signal = AbortSignal.abort(new DOMException(name, "AbortError"));
    expect(interrupted(signal).exitCode).toBe(status);
  });
});

describe("output that cannot be written", () => {
  test("ends quietly with the status of SIGPIPE when its reader went away", () => {
    expect(brokenOutput("EPIPE", "replay")).toEqual({ status: 141, message: undefined });
  });

  test("is a failure of the command, with the reason, when the disk is full", () => {
    const message = "the output cannot be written (ENOSPC)";
    expect(brokenOutput("ENOSPC", "replay")).toEqual({ status: 2, message });
    expect(brokenOutput("ENOSPC", "standalone")).toEqual({ status: 1, message });
  });
});

test("the command of a command line is its first word that is no option", () => {
  expect(commandOf(["node", "countersign", "explain", "--request", "x"])).toBe("explain");
  expect(commandOf(["node", "countersign", "--help"])).toBeUndefined();
});
