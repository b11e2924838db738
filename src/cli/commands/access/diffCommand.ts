import { Command, Option } from "commander";
import { type AccessChange, accessChanges } from "../../../access/diff.ts";
import { comparedInstallations } from "../../../access/installations.ts";
import { EXIT } from "../../shared/exitStatus.ts";
import { writeOutput } from "../../shared/output.ts";
import { fileCounter } from "../../shared/tree/fileCounter.ts";
import { overlapsReported } from "../../shared/tree/overlaps.ts";
import { readTwoTrees } from "../../shared/tree/validTree.ts";
import { untilSignal } from "../../shared/untilSignal.ts";
import { commonOptions } from "./accessFlags.ts";
import { diffText, type ListedChange } from "./diffText.ts";

interface DiffFlags {
  readonly at?: number;
  readonly class?: string;
  readonly exitCode?: boolean;
  readonly output: "table" | "json" | "markdown";
}

const HELP = `
The output is empty exactly if both versions decide alike for every request and Application: a change of names, of the order, or from one
grant to another that admits the same callers is no difference. A grant that names a more specific path closes access that another one
gives; suspension and times count as at --at. Not compared: key pairs, settings of signatures, and the grant, API and plan that are
reported for an allowed request.

Examples:
  $ countersign access diff main/resources branch/resources
  In a pull request: a table for a comment, and status 1 if there is a difference.
  $ git worktree add ../base origin/main
  $ countersign access diff ../base/resources resources -o markdown --exit-code
`;

/** `countersign access diff`: what a change opens and what it closes. */
export function diffCommand(): Command {
  const command = new Command("diff")
    .summary("show what a change opens and what it closes")
    .description(
      "Compares two directories of YAML: which requests of which Applications are allowed by one of them alone.",
    )
    .argument("<old>", "directory or file of YAML before the change")
    .argument("<new>", "directory or file of YAML after it");
  for (const option of commonOptions()) command.addOption(option);
  return command
    .option("--exit-code", "exit with status 1 if there is a difference")
    .addOption(
      new Option("-o, --output <format>", "how to print it")
        .choices(["table", "json", "markdown"])
        .default("table"),
    )
    .addHelpText("after", HELP)
    .action(diff);
}

async function diff(old: string, next: string, _: DiffFlags, command: Command): Promise<void> {
  const flags = command.optsWithGlobals<DiffFlags>();
  const now = flags.at ?? Date.now();
  const counter = fileCounter();
  const trees = await readTwoTrees(old, next, untilSignal(), counter.update).finally(counter.clear);
  const changes: ListedChange[] = [];
  for (const { className, world } of comparedInstallations(trees.old, trees.next)) {
    if (flags.class !== undefined && flags.class !== className) continue;
    for (const change of overlapsReported<AccessChange>(() => accessChanges(world, now)))
      changes.push({ ...change, className });
  }
  await writeOutput(diffText(changes, flags.output));
  process.exitCode = flags.exitCode === true && changes.length > 0 ? EXIT.failed : EXIT.ok;
}
