import { COMMAND_STATUSES, type CommandStatuses, MEANINGS } from "../src/cli/shared/exitStatus.ts";

/** docs/exit-statuses.md, made from the table that the program itself uses. */
export function exitStatusesPage(): string {
  return [
    "# Exit statuses",
    "",
    "Scripts may rely on these. What a status means for one command is in its `--help` too.",
    "",
    "| status | meaning |",
    "|---|---|",
    ...MEANINGS.map(([status, meaning]) => `| ${status} | ${meaning} |`),
    "",
    "Where 1 is a verdict (`explain`, `replay`, `validate`, `access`, `doctor`), every failure is 2: a script never takes a cluster that does not respond",
    "for a denied request. `standalone`, `operator` and `verifier` run until SIGINT or SIGTERM stops them, which is their 0. A second Ctrl-C ends",
    "any command at once.",
    "",
    "| command | 0 | 1 | 2 |",
    "|---|---|---|---|",
    ...Object.entries(COMMAND_STATUSES).map(([name, statuses]) => row(name, statuses)),
    "",
  ].join("\n");
}

function row(name: string, { ok, failed = "–", unusable }: CommandStatuses): string {
  return `| \`${name}\` | ${ok} | ${failed} | ${unusable} |`;
}
