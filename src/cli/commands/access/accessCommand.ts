import { Command, Option } from "commander";
import { type Installation, installationsOf } from "../../../access/installations.ts";
import { accessRows } from "../../../access/rows.ts";
import type { Tree } from "../../../access/tree.ts";
import type { World } from "../../../access/world.ts";
import { EXIT } from "../../shared/exitStatus.ts";
import { CliFailure, USAGE } from "../../shared/failure.ts";
import { clusterOptions } from "../../shared/flags/clusterFlags.ts";
import { days } from "../../shared/flags/lastUseFlags.ts";
import { needs } from "../../shared/flags/needs.ts";
import { writeOutput } from "../../shared/output.ts";
import { fileCounter } from "../../shared/tree/fileCounter.ts";
import { overlapsReported } from "../../shared/tree/overlaps.ts";
import { withStatuses } from "../../shared/tree/stateStatuses.ts";
import { readValidTree } from "../../shared/tree/validTree.ts";
import { untilSignal } from "../../shared/untilSignal.ts";
import { type AccessFlags, commonOptions, parseRequest } from "./accessFlags.ts";
import { canText, decideCan } from "./can.ts";
import { diffCommand } from "./diffCommand.ts";
import { type ListedRow, rowText } from "./rowText.ts";
import { printUnused } from "./unused.ts";

const HELP = `
Each row is: this Application may send requests with these methods to this path of this host. A more specific path of the same host has
rows of its own, which decide alone. A path type and precedence mean the same as in an ApiGrant. An id such as app-k3v9x0q2 stands for
an Application that the objects do not name, such as a partner's.

Examples:
  Who may call what, by a directory of YAML files (with its subdirectories)?
  $ countersign access ./resources
  $ countersign access ./resources --application team-shop/mobile-app -o csv
  By what Kustomize renders, or by the cluster of the kubeconfig (no Secret is read):
  $ kubectl kustomize overlays/production | countersign access -
  $ countersign access --host api.shop.example.com -o json
  May this Application send this request, and why not?
  $ countersign access ./resources --application mobile-app --can 'GET https://api.shop.example.com/orders/7'
  Which keys and grants were not used for 30 days? (Last use is recorded with --last-use.)
  $ countersign access --unused 30d
  $ countersign access ./resources --unused 30d -o json
  What does a change open and close?
  $ countersign access diff main/resources branch/resources -o markdown
`;

/** `countersign access`: who may call what, by a directory or a cluster. */
export function accessCommand(): Command {
  const command = new Command("access")
    .summary("show who may call what, and what a change opens and closes")
    .description(
      "Lists which Application may call which host, path and method, by the rules that verifiers decide by, from a directory of YAML or from the cluster. Signatures and key pairs are not looked at.",
    )
    .argument(
      "[path]",
      "directory or file of YAML; - is standard input; without it, the cluster of the kubeconfig",
    );
  for (const option of [...clusterOptions(), ...commonOptions()]) command.addOption(option);
  return needs(command, { can: ["application"], stateDir: ["unused"] })
    .option(
      "--application <name>",
      "only this Application: namespace/name, name, or an id such as app-k3v9x0q2",
    )
    .option("--api <name>", "only this API: its name, or namespace/name")
    .option("--host <host>", "only this host, as the objects write it, or one that a wildcard covers")
    .addOption(
      new Option("--can <request>", "may --application send this request, such as 'GET https://host/path'?")
        .argParser(parseRequest)
        .conflicts(["api", "host"]),
    )
    .addOption(
      new Option("--unused <days>", "only list keys and grants that were not used for this long, such as 30d")
        .argParser(days)
        .conflicts(["api", "host", "can"]),
    )
    .option(
      "--state-dir <directory>",
      "with --unused and a path: where `standalone` keeps statuses",
      ".countersign",
    )
    .addOption(
      new Option("-o, --output <format>", "how to print it")
        .choices(["table", "json", "csv", "markdown"])
        .default("table"),
    )
    .addHelpText("after", HELP)
    .addCommand(diffCommand())
    .action(access);
}

async function access(path: string | undefined, flags: AccessFlags, command: Command): Promise<void> {
  const now = flags.at ?? Date.now();
  const tree = path === undefined ? await clusterTree(flags) : await fileTree(path, command);
  const { unused } = flags;
  if (unused !== undefined) {
    const judged = path === undefined ? tree : await withStatuses(tree, flags.stateDir);
    return await printUnused(judged, { ...flags, unused }, now);
  }
  const installations = installationsOf(tree).filter(
    ({ className }) => flags.class === undefined || flags.class === className,
  );
  if (flags.can !== undefined) {
    const answer = decideCan(installations, flags.can, flags.application ?? "", now);
    await writeOutput(
      flags.output === "json" ? `${JSON.stringify(answer, undefined, 2)}\n` : canText(answer),
    );
    process.exitCode = answer.allowed ? EXIT.ok : EXIT.failed;
    return;
  }
  await writeOutput(rowText(listedRows(installations, flags, now), flags.output));
}

async function clusterTree(flags: AccessFlags): Promise<Tree> {
  const { readClusterTree } = await import("../../shared/tree/clusterTree.ts");
  const { tree, notes } = await readClusterTree(flags, untilSignal());
  for (const note of notes) process.stderr.write(`countersign: ${note}\n`);
  return tree;
}

async function fileTree(path: string, command: Command): Promise<Tree> {
  for (const name of ["kubeconfig", "context", "dataNamespace"])
    if (command.getOptionValueSource(name) === "cli")
      throw new CliFailure(`--${name} has no effect with a path: leave one of them out`, USAGE);
  const counter = fileCounter();
  const { tree } = await readValidTree([path], untilSignal(), counter.update).finally(counter.clear);
  return tree;
}

function listedRows(
  installations: readonly Installation<World>[],
  { application, api, host }: AccessFlags,
  now: number,
): readonly ListedRow[] {
  const isNamed = (name: string, wanted: string | undefined) =>
    wanted === undefined || name === wanted || name.endsWith(`/${wanted}`);
  const found: ListedRow[] = [];
  for (const { className, world } of installations)
    for (const row of overlapsReported(() => accessRows(world, now)))
      if (
        (isNamed(row.caller, application) ||
          world.callers.get(row.caller)?.application.applicationId === application) &&
        isNamed(row.api, api) &&
        (host === undefined || row.host === host || isCovered(host, row.host))
      )
        found.push({ ...row, className });
  return found;
}

function isCovered(host: string, pattern: string): boolean {
  return pattern.startsWith("*") && host.endsWith(pattern.slice(1));
}
