import { Command, InvalidArgumentError, Option } from "commander";
import { TENCENT } from "../../../import/gateway/tencent.ts";
import { exitHelp } from "../../shared/exitStatus.ts";
import { repeatable } from "../../shared/flags/optionValues.ts";
import { type ImportFlags, runImport } from "./runImport.ts";

const HELP = `
Copy the Terraform state before any refresh, plan or apply: a refresh against an API that is switched off drops every key, and exits 0.

Reads, in any mixture, from files and folders:
  - responses of tccli, the API or an SDK (JSON), one or several to a file. Some responses do not name their service or domain: put
    them where countersign export-script tencent does, such as service-d6ncf10e/mappings/api.example.com.json
  - state of Terraform and OpenTofu: terraform.tfstate, the output of state pull and of show -json

Writes one object to a file: DIR/applications, DIR/grants, DIR/domains, DIR/secrets (mode 0600), and DIR/MIGRATION.md, which lists
what needs a decision. No caller gains access: what cannot be carried over exactly is a decision, not a grant. A file that a person
changed is never overwritten: the new content is written beside it as .new.

Examples:
  $ countersign import tencent export/ --out tenant/ --namespace team-shop
  $ countersign import tencent export/ terraform.tfstate --out tenant/ \\
      --host service-d6ncf10e-1300000001.gz.apigw.tencentcs.com=orders.example.com
  $ countersign import tencent terraform.tfstate.backup --out tenant/ --strict
  $ countersign import tencent export/ --out tenant/ -o json | jq '.findings[] | select(.level == "decision")'
`;

/** `countersign import`, which has a subcommand for each gateway. */
export function importCommand(): Command {
  return new Command("import")
    .summary("turn an export of another gateway into Applications, ApiGrants and ApiDomains")
    .description(
      "Turns an export of another gateway into YAML of Applications, ApiGrants, ApiDomains and Secrets.",
    )
    .addCommand(tencentCommand());
}

function tencentCommand(): Command {
  const command = new Command("tencent")
    .summary("from tool output and Terraform state of Tencent Cloud API Gateway")
    .description("Imports a tenant of Tencent Cloud API Gateway: the same keys, and the same reach.")
    .argument("<path...>", "files or folders of tool output and Terraform state")
    .requiredOption("--out <directory>", "where the objects and MIGRATION.md are written");
  for (const option of valueOptions()) command.addOption(option);
  return command
    .option("--narrow", "write paths of type Exact, Template and PathPrefix, and list what they lose")
    .option("--assume-released", "take environments with bindings as released where no file lists them")
    .option("--strict", "exit with 1 if anything needs a decision or was left out")
    .addHelpText("after", exitHelp("import") + HELP)
    .action(async (paths: readonly string[], flags: ImportFlags) => await runImport(paths, flags, TENCENT));
}

const CLASS = "spec.className of the objects: the installation that is to reconcile them";
const PARTNERS = "YAML of applicationIds here by ids of the vendor's, for applications of other accounts";

const TRAFFIC = "captured requests: MIGRATION.md lists the paths that a regular expression matched";

function valueOptions(): readonly Option[] {
  return [
    new Option("--namespace <name>", "namespace of the objects").argParser(label).default("default"),
    new Option("--class-name <name>", CLASS).argParser(label),
    new Option("--host <old=new>", "a new host for one of the vendor's; repeatable").argParser(
      repeatable(hostPair),
    ),
    new Option("--partners <file>", PARTNERS),
    new Option("--traffic <file>", TRAFFIC),
    new Option("--secrets <how>", "write the key pairs into files, or leave them out")
      .choices(["files", "none"])
      .default("files"),
    new Option("-o, --output <format>", "the summary on standard output")
      .choices(["text", "json"])
      .default("text"),
  ];
}

function label(text: string): string {
  if (!/^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/.test(text))
    throw new InvalidArgumentError("Write a name of lower-case letters, digits and '-', such as team-shop.");
  return text;
}

function hostPair(text: string): readonly [string, string] {
  const [old = "", host = "", ...rest] = text.toLowerCase().split("=");
  const isHost = (name: string) =>
    /^([a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?\.)+[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/.test(name);
  if (rest.length > 0 || !isHost(old) || !isHost(host))
    throw new InvalidArgumentError(
      "Write OLD=NEW, such as service-d6ncf10e-1300000001.gz.apigw.tencentcs.com=orders.example.com.",
    );
  return [old, host];
}
