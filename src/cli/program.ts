import { inspect } from "node:util";
import { Command, CommanderError } from "commander";
import { accessCommand } from "./commands/access/accessCommand.ts";
import { consoleCommand } from "./commands/console/consoleCommand.ts";
import { crdsCommand } from "./commands/crds/crdsCommand.ts";
import { doctorCommand } from "./commands/doctor/doctorCommand.ts";
import { envoyConfigCommand } from "./commands/envoyConfig/envoyConfigCommand.ts";
import { explainCommand } from "./commands/explain/explainCommand.ts";
import { exportScriptCommand } from "./commands/exportScript/exportScriptCommand.ts";
import { importCommand } from "./commands/import/importCommand.ts";
import { operatorCommand } from "./commands/operator/operatorCommand.ts";
import { replayCommand } from "./commands/replay/replayCommand.ts";
import { signCommand } from "./commands/sign/signCommand.ts";
import { standaloneCommand } from "./commands/standalone/standaloneCommand.ts";
import { uninstallCommand } from "./commands/uninstall/uninstallCommand.ts";
import { validateCommand } from "./commands/validate/validateCommand.ts";
import { verifierCommand } from "./commands/verifier/verifierCommand.ts";
import { verifiersCommand } from "./commands/verifiers/verifiersCommand.ts";
import { versionCommand } from "./commands/version/versionCommand.ts";
import { EXIT, exitHelp, statusOfFailure } from "./shared/exitStatus.ts";
import { failureOf } from "./shared/failure.ts";

const HELP = `
Try it without a cluster:
  $ countersign standalone ./resources
  $ countersign envoy-config --upstream http://127.0.0.1:3000 --resources ./resources > envoy.yaml
  $ countersign sign --credentials .countersign/credentials/team-shop/mobile-app-credentials.yaml \\
      --curl http://api.shop.example.com/orders
`;

/** The program with all its commands. */
export function createProgram(): Command {
  const program = new Command("countersign")
    .description("Lets your own Envoy accept requests signed for Tencent Cloud API Gateway, unchanged.")
    .showHelpAfterError("(add --help for the options and examples)")
    .helpCommand(true)
    .addHelpText("after", exitHelp() + HELP);
  const commands = [
    standaloneCommand(),
    operatorCommand(),
    verifierCommand(),
    signCommand(),
    explainCommand(),
    replayCommand(),
    validateCommand(),
    accessCommand(),
    consoleCommand(),
    importCommand(),
    exportScriptCommand(),
    envoyConfigCommand(),
    doctorCommand(),
    verifiersCommand(),
    crdsCommand(),
    uninstallCommand(),
    versionCommand(),
  ];
  for (const command of commands) program.addCommand(command.addHelpText("after", exitHelp(command.name())));
  const all = [program, ...commands, ...commands.flatMap((command) => command.commands)];
  for (const command of all) command.exitOverride().showHelpAfterError(HINT);
  return program;
}

const HINT = "(add --help for the options and examples)";

/** The command that a command line names; undefined if it names none. */
export function commandOf(argv: readonly string[]): string | undefined {
  return argv.slice(2).find((argument) => !argument.startsWith("-"));
}

/** Runs one command line and returns the exit status. Prints a failure as one sentence on standard error. */
export async function run(argv: readonly string[]): Promise<number> {
  const program = createProgram();
  try {
    if (argv.length <= 2) {
      program.outputHelp({ error: true });
      return EXIT.unusable;
    }
    await program.parseAsync([...argv]);
    return Number(process.exitCode ?? EXIT.ok);
  } catch (error) {
    return reportFailure(error, commandOf(argv));
  }
}

/** Prints why a command failed and returns its exit status; commander has printed its own errors already. */
export function reportFailure(
  error: unknown,
  command: string | undefined,
  print: (text: string) => void = (text) => process.stderr.write(text),
): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.unusable;
  const failure = failureOf(error);
  if (failure) {
    print(`countersign: ${failure.message}\n`);
    return failure.exitCode ?? statusOfFailure(command);
  }
  print(`countersign: internal error, please report it: ${inspect(error)}\n`);
  return statusOfFailure(command);
}
