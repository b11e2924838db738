import { Command, CommanderError } from "commander";
import { crdsCommand } from "./crds.ts";
import { doctorCommand } from "./doctor.ts";
import { envoyConfigCommand } from "./envoyConfig.ts";
import { explainCommand } from "./explain.ts";
import { failureOf, USAGE } from "./failure.ts";
import { operatorCommand } from "./operator.ts";
import { replayCommand } from "./replay.ts";
import { signCommand } from "./sign.ts";
import { standaloneCommand } from "./standalone.ts";
import { uninstallCommand } from "./uninstall.ts";
import { verifierCommand } from "./verifier.ts";
import { verifiersCommand } from "./verifiers.ts";
import { versionCommand } from "./version.ts";

const HELP = `
Exit status: 0 when it did what was asked, 1 when it could not, 2 when it was asked in a way that it does not understand.

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
    .addHelpText("after", HELP);
  const commands = [
    standaloneCommand(),
    operatorCommand(),
    verifierCommand(),
    signCommand(),
    explainCommand(),
    replayCommand(),
    envoyConfigCommand(),
    doctorCommand(),
    verifiersCommand(),
    crdsCommand(),
    uninstallCommand(),
    versionCommand(),
  ];
  for (const command of commands) program.addCommand(command);
  const all = [program, ...commands, ...commands.flatMap((command) => command.commands)];
  for (const command of all) command.exitOverride().showHelpAfterError(HINT);
  return program;
}

const HINT = "(add --help for the options and examples)";

/** Runs one command line; answers the exit status. What went wrong is told on standard error in one sentence. */
export async function run(argv: readonly string[]): Promise<number> {
  const program = createProgram();
  try {
    if (argv.length <= 2) {
      program.outputHelp({ error: true });
      return USAGE;
    }
    await program.parseAsync([...argv]);
    return Number(process.exitCode ?? 0);
  } catch (error) {
    if (error instanceof CommanderError)
      return error.exitCode === 0 ? 0 : error.code === "commander.error" ? error.exitCode : USAGE;
    const failure = failureOf(error);
    if (!failure) throw error;
    process.stderr.write(`countersign: ${failure.message}\n`);
    return failure.exitCode;
  }
}
