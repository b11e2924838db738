import { Command, Option } from "commander";
import { EXIT } from "../../shared/exitStatus.ts";
import { timeOption } from "../../shared/flags/timeOption.ts";
import { writeOutput } from "../../shared/output.ts";
import { packageVersion } from "../../shared/packageVersion.ts";
import { fileCounter } from "../../shared/tree/fileCounter.ts";
import { TreeReader } from "../../shared/tree/readTree.ts";
import { untilSignal } from "../../shared/untilSignal.ts";
import { allFindings } from "./allFindings.ts";
import { countsOf, FORMATS, type Format, findingText } from "./findingText.ts";

interface Flags {
  readonly at?: number;
  readonly strict?: boolean;
  readonly output: Format;
}

const HELP = `
Errors:   a file or object that the API server would reject, or that has no effect, such as a grant for a host without an ApiDomain
Warnings: what probably is a mistake, such as a grant that admits no Application, or an Application that no grant names
Notes:    what is only shown, such as a suspended object
Each finding has an id that never changes; docs/reference/validate.md lists them with their remedies. Name all directories of an
installation in one command: a grant, its Applications and its ApiDomain may be in different ones.

Examples:
  $ countersign validate ./resources
  By what Kustomize renders:
  $ kubectl kustomize overlays/production | countersign validate -
  In a pull request of GitHub, as annotations; warnings fail, too:
  $ countersign validate --strict -o github ./resources
  For code scanning:
  $ countersign validate -o sarif ./resources > countersign.sarif
`;

/** `countersign validate`: checks files as the API server does, and what only a view of all of them shows. */
export function validateCommand(): Command {
  return new Command("validate")
    .summary("check files of objects without a cluster")
    .description(
      "Checks each object as the API server does (schema and rules), and all of them together: hosts, environments, references, key pairs, and objects without effect. Needs no cluster.",
    )
    .argument("<path...>", "directories (with their subdirectories) or files of YAML; - is standard input")
    .addOption(timeOption())
    .option("--strict", "exit with status 1 on warnings, too")
    .addOption(
      new Option("-o, --output <format>", "how to print the findings").choices(FORMATS).default("text"),
    )
    .addHelpText("after", HELP)
    .action(validate);
}

async function validate(paths: readonly string[], flags: Flags): Promise<void> {
  const counter = fileCounter();
  const files = await new TreeReader(untilSignal(), counter.update).read(paths).finally(counter.clear);
  const findings = allFindings(files, flags.at ?? Date.now());
  const objects = files.objects.filter(({ read }) => read.kind !== "ignored").length;
  const validation = { findings, files: files.files, objects };
  await writeOutput(findingText(validation, flags.output, packageVersion()));
  const { errors, warnings } = countsOf(findings);
  const isBad = errors > 0 || (flags.strict === true && warnings > 0);
  process.exitCode = isBad ? EXIT.failed : EXIT.ok;
}
