import { Command } from "commander";
import { ALIBABA } from "../../../import/gateway/alibaba.ts";
import type { Gateway } from "../../../import/gateway/gateway.ts";
import { TENCENT } from "../../../import/gateway/tencent.ts";
import { exitHelp } from "../../shared/exitStatus.ts";
import { ALIBABA_HELP, TENCENT_HELP } from "./help.ts";
import { importOptions } from "./importOptions.ts";
import { type ImportFlags, runImport } from "./runImport.ts";

const TRAFFIC = "captured requests: MIGRATION.md lists the paths that a regular expression matched";

/** `countersign import`, which has a subcommand for each gateway. */
export function importCommand(): Command {
  return new Command("import")
    .summary("turn an export of another gateway into Applications, ApiGrants and ApiDomains")
    .description(
      "Turns an export of another gateway into YAML of Applications, ApiGrants, ApiDomains and Secrets.",
    )
    .addCommand(
      gatewayCommand("tencent", TENCENT, TENCENT_HELP)
        .option("--traffic <file>", TRAFFIC)
        .option("--narrow", "write paths of type Exact, Template and PathPrefix, and list what they lose"),
    )
    .addCommand(gatewayCommand("alibaba", ALIBABA, ALIBABA_HELP));
}

function gatewayCommand(name: string, gateway: Gateway, help: string): Command {
  const command = new Command(name)
    .summary(`from tool output and Terraform state of ${gateway.name}`)
    .description(`Imports a tenant of ${gateway.name}: the same keys, and the same reach.`)
    .argument("<path...>", "files or folders of tool output and Terraform state")
    .requiredOption("--out <directory>", "where the objects and MIGRATION.md are written");
  for (const option of importOptions(gateway)) command.addOption(option);
  return command
    .option("--assume-released", "take environments with bindings as released where no file lists them")
    .option("--strict", "exit with 1 if anything needs a decision or was left out")
    .addHelpText("after", exitHelp("import") + help)
    .action(async (paths: readonly string[], flags: ImportFlags) => await runImport(paths, flags, gateway));
}
