import { inspect } from "node:util";
import { Command, CommanderError } from "commander";
import { EXIT, exitHelp, statusOfFailure } from "./shared/exitStatus.ts";
import { failureOf } from "./shared/failure.ts";

const HELP = `
Try it without a cluster:
  $ countersign standalone ./resources
  $ countersign envoy-config --upstream http://127.0.0.1:3000 --resources ./resources > envoy.yaml
  $ countersign sign --credentials .countersign/credentials/team-shop/mobile-app-credentials.yaml \\
      --curl http://api.shop.example.com/orders
`;

/** The commands in the order of `--help`. A command's code is loaded when it is asked for: a server needs no other's. */
const COMMANDS: Readonly<Record<string, () => Promise<Command>>> = {
  standalone: async () => (await import("./commands/standalone/standaloneCommand.ts")).standaloneCommand(),
  operator: async () => (await import("./commands/operator/operatorCommand.ts")).operatorCommand(),
  verifier: async () => (await import("./commands/verifier/verifierCommand.ts")).verifierCommand(),
  sign: async () => (await import("./commands/sign/signCommand.ts")).signCommand(),
  explain: async () => (await import("./commands/explain/explainCommand.ts")).explainCommand(),
  replay: async () => (await import("./commands/replay/replayCommand.ts")).replayCommand(),
  validate: async () => (await import("./commands/validate/validateCommand.ts")).validateCommand(),
  access: async () => (await import("./commands/access/accessCommand.ts")).accessCommand(),
  console: async () => (await import("./commands/console/consoleCommand.ts")).consoleCommand(),
  import: async () => (await import("./commands/import/importCommand.ts")).importCommand(),
  "export-script": async () =>
    (await import("./commands/exportScript/exportScriptCommand.ts")).exportScriptCommand(),
  "envoy-config": async () =>
    (await import("./commands/envoyConfig/envoyConfigCommand.ts")).envoyConfigCommand(),
  doctor: async () => (await import("./commands/doctor/doctorCommand.ts")).doctorCommand(),
  verifiers: async () => (await import("./commands/verifiers/verifiersCommand.ts")).verifiersCommand(),
  crds: async () => (await import("./commands/crds/crdsCommand.ts")).crdsCommand(),
  uninstall: async () => (await import("./commands/uninstall/uninstallCommand.ts")).uninstallCommand(),
  version: async () => (await import("./commands/version/versionCommand.ts")).versionCommand(),
};

/** The program with all its commands, or with this one alone if there is one of that name. */
export async function createProgram(name = ""): Promise<Command> {
  const program = new Command("countersign")
    .description("Lets your own Envoy accept requests signed for Tencent Cloud API Gateway, unchanged.")
    .showHelpAfterError("(add --help for the options and examples)")
    .helpCommand(true)
    .addHelpText("after", exitHelp() + HELP);
  const asked = Object.hasOwn(COMMANDS, name) ? [COMMANDS[name]] : Object.values(COMMANDS);
  const commands = await Promise.all(asked.flatMap((load) => (load ? [load()] : [])));
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
  try {
    const program = await createProgram(commandOf(argv));
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
