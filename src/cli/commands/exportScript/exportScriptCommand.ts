import { Command } from "commander";
import { exitHelp } from "../../shared/exitStatus.ts";
import { writeOutput } from "../../shared/output.ts";
import { TENCENT_SCRIPT } from "./tencentScript.ts";

const HELP = `
The script needs bash and tccli, configured with a SecretId that may read API Gateway and its keys. It writes one response to a file,
below a folder for each service, all readable by its user alone. A failed call leaves no file.

Example:
  $ countersign export-script tencent > export.sh
  $ bash export.sh export/ ap-guangzhou
  $ countersign import tencent export/ --out tenant/
`;

/** `countersign export-script`, which has a subcommand for each gateway. */
export function exportScriptCommand(): Command {
  return new Command("export-script")
    .summary("print a script that exports a tenant of another gateway")
    .description("Prints a script that exports everything that `countersign import` reads.")
    .addCommand(
      new Command("tencent")
        .summary("for Tencent Cloud API Gateway, with tccli")
        .description("Prints a bash script that exports a tenant of Tencent Cloud API Gateway with tccli.")
        .addHelpText("after", exitHelp("export-script") + HELP)
        .action(async () => await writeOutput(TENCENT_SCRIPT)),
    );
}
