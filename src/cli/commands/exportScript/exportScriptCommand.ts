import { Command } from "commander";
import { exitHelp } from "../../shared/exitStatus.ts";
import { writeOutput } from "../../shared/output.ts";
import { ALIBABA_SCRIPT } from "./alibabaScript.ts";
import { TENCENT_SCRIPT } from "./tencentScript.ts";

const TENCENT_HELP = `
The script needs bash and tccli, configured with a SecretId that may read API Gateway and its keys. It writes one response to a file,
below a folder for each service, all readable by its user alone. A failed call leaves no file.

Example:
  $ countersign export-script tencent > export.sh
  $ bash export.sh export/ ap-guangzhou
  $ countersign import tencent export/ --out tenant/
`;

const ALIBABA_HELP = `
The script needs bash and aliyun, configured with an AccessKey that may read API Gateway and the key pairs of applications. It makes calls
that only read, and writes one response to a file, below a folder for each group, all readable by its user alone. A failed call
leaves no file.

Example:
  $ countersign export-script alibaba > export.sh
  $ bash export.sh export/ cn-hangzhou
  $ countersign import alibaba export/ --out tenant/
`;

/** `countersign export-script`, which has a subcommand for each gateway. */
export function exportScriptCommand(): Command {
  return new Command("export-script")
    .summary("print a script that exports a tenant of another gateway")
    .description("Prints a script that exports everything that `countersign import` reads.")
    .addCommand(scriptCommand("tencent", "Tencent Cloud API Gateway", "tccli", TENCENT_SCRIPT, TENCENT_HELP))
    .addCommand(
      scriptCommand("alibaba", "Alibaba Cloud API Gateway", "aliyun", ALIBABA_SCRIPT, ALIBABA_HELP),
    );
}

function scriptCommand(name: string, gateway: string, tool: string, script: string, help: string): Command {
  return new Command(name)
    .summary(`for ${gateway}, with ${tool}`)
    .description(`Prints a bash script that exports a tenant of ${gateway} with ${tool}.`)
    .addHelpText("after", exitHelp("export-script") + help)
    .action(async () => await writeOutput(script));
}
