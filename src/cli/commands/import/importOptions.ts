import { InvalidArgumentError, Option } from "commander";
import type { Gateway } from "../../../import/gateway/gateway.ts";
import { repeatable } from "../../shared/flags/optionValues.ts";

const CLASS = "spec.className of the objects: the installation that is to reconcile them";
const PARTNERS = "YAML of applicationIds here by ids of the vendor's, for applications of other accounts";

/** The options with a value that an import of every gateway has. */
export function importOptions({ rules, words }: Gateway): readonly Option[] {
  const hasStages = rules.releasesEachApi;
  const host = hasStages ? "--host <old[/stage]=new>" : "--host <old=new>";
  const hostText = hasStages
    ? "a new host for one of the vendor's, or for one of its stages; repeatable"
    : "a new host for one of the vendor's; repeatable";
  return [
    new Option("--namespace <name>", "namespace of the objects").argParser(label).default("default"),
    new Option("--class-name <name>", CLASS).argParser(label),
    new Option(host, hostText).argParser(repeatable((text) => hostPair(text, hasStages, words.host))),
    new Option("--partners <file>", PARTNERS),
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

/** OLD=NEW; with stages OLD/STAGE=NEW too. In lower case, as environments are named here. */
function hostPair(text: string, hasStages: boolean, example: string): readonly [string, string] {
  const [old = "", host = "", ...rest] = text.toLowerCase().split("=");
  const [oldHost = "", stage, ...more] = old.split("/");
  const isStage = stage === undefined || (hasStages && /^[a-z][a-z0-9]{1,9}$/.test(stage));
  if (rest.length + more.length > 0 || !isStage || !isHost(oldHost) || !isHost(host))
    throw new InvalidArgumentError(
      `Write OLD=NEW, such as ${example}=orders.example.com${hasStages ? `, or OLD/STAGE=NEW, such as ${example}/TEST=test.orders.example.com` : ""}.`,
    );
  return [old, host];
}

function isHost(name: string): boolean {
  return /^([a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?\.)+[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/.test(name);
}
