import { Command, InvalidArgumentError, Option } from "commander";
import {
  OPEN_VARIANTS,
  type OpenVariant,
  PARAMETER_SETTINGS,
  type ParameterSetting,
  SCHEME_NAMES,
  type SchemeName,
} from "../../../api/vocabulary.ts";
import { authorityOf } from "../../shared/capture/checkedRequest.ts";
import { judge } from "../../shared/capture/judgement.ts";
import { type ResourceFlags, readIndex, resourceOptions } from "../../shared/capture/resources.ts";
import { type Decided, verdictOf } from "../../shared/capture/verdict.ts";
import { EXIT } from "../../shared/exitStatus.ts";
import { candidatesOf, serverString } from "../../shared/explain/candidates.ts";
import { hintsFor } from "../../shared/explain/hints.ts";
import { CliFailure, USAGE } from "../../shared/failure.ts";
import { clusterOptions } from "../../shared/flags/clusterFlags.ts";
import {
  type CredentialFlags,
  credentialOptions,
  readCredentials,
} from "../../shared/flags/credentialFlags.ts";
import { needs } from "../../shared/flags/needs.ts";
import { repeatable } from "../../shared/flags/optionValues.ts";
import { writeOutput } from "../../shared/output.ts";
import { readBytes } from "../../shared/readInput.ts";
import { untilSignal } from "../../shared/untilSignal.ts";
import { explanation } from "./explanation.ts";
import { keyWorld } from "./keyWorld.ts";
import { readRequest } from "./requestFile.ts";

interface Flags extends ResourceFlags, CredentialFlags {
  readonly request: string;
  readonly id?: string;
  readonly at?: number;
  readonly environmentPrefix?: readonly string[];
  readonly parameters: ParameterSetting;
  readonly open?: readonly OpenVariant[];
  readonly scheme?: readonly SchemeName[];
  readonly stringToSign?: string;
  readonly output: "text" | "json";
}

const EXAMPLES = `
Examples:
  Would the cluster allow this request, which was received at nine?
  $ countersign explain --request request.txt --at 2026-11-24T09:00:00Z
  Why was this request of a capture denied?
  $ countersign explain --request shop.har --id 12 --resources ./resources
  Does the signature match this key? Nothing else is checked:
  $ countersign explain --request request.txt --key-id APIDx --secret-file secret.txt --environment-prefix /release
`;

/** `countersign explain`: shows step by step how one request is decided. */
export function explainCommand(): Command {
  const command = new Command("explain")
    .summary("show step by step how a request is decided")
    .description(
      "Decides one request, given as its exact bytes or captured in a file that `replay` reads, and shows the parsed request, the strings to sign that were tried, the grants that were checked, and the probable mistake. Never prints a secret.",
    );
  for (const option of requestOptions()) command.addOption(option);
  for (const option of [...resourceOptions(), ...clusterOptions()]) command.addOption(option);
  for (const option of credentialOptions("check only the signature, with this ApiAppKey"))
    command.addOption(option.conflicts(["resources", "stateDir", "kubeconfig", "context", "dataNamespace"]));
  for (const option of keyOptions()) command.addOption(option);
  return needs(command, { stateDir: ["resources"], ...NEED_A_KEY })
    .option(
      "--at <time>",
      "when the request was received, such as 2026-11-24T09:00:00Z (default: as captured, otherwise now)",
      time,
    )
    .option("--string-to-sign <file>", "file with the string that the caller signed, to compare it with ours")
    .addOption(new Option("-o, --output <format>", "text or json").choices(["text", "json"]).default("text"))
    .addHelpText("after", EXAMPLES)
    .action(explain);
}

/** Options for what an Application and an ApiDomain would set. */
function keyOptions(): readonly Option[] {
  return [
    new Option(
      "--environment-prefix <prefix>",
      "with a key: path prefix of an environment of the host",
    ).argParser(repeatable(pathPrefix)),
    new Option(
      "--scheme <name...>",
      "with a key: schemes to accept (default: all but TencentKeyPair)",
    ).choices(SCHEME_NAMES),
    new Option("--parameters <setting>", "with a key: how its callers sign parameters")
      .choices(PARAMETER_SETTINGS)
      .default("Auto"),
    new Option("--open <variant...>", "with a key: open variants to accept").choices(OPEN_VARIANTS),
  ];
}

const A_KEY = ["keyId", "credentials"];
const NEED_A_KEY = { environmentPrefix: A_KEY, scheme: A_KEY, parameters: A_KEY, open: A_KEY };

function requestOptions(): readonly Option[] {
  return [
    new Option(
      "--request <file>",
      "bytes of the HTTP/1.1 request, or a capture as `replay` reads it: HAR, Envoy's HTTP tap, JSON lines; - is standard input",
    ).makeOptionMandatory(),
    new Option("--id <id>", "which request of a capture, by the id that `replay -o jsonl` prints"),
  ];
}

async function explain(flags: Flags): Promise<void> {
  const request = await readRequest(flags.request, flags.id, Date.now());
  const callersBytes = flags.stringToSign === undefined ? undefined : await readBytes(flags.stringToSign);
  const index = await readWorld(flags, authorityOf(request.message.headers));
  const judgement = judge({ ...request, time: flags.at ?? request.time }, index);
  const undecidable = judgement.kind === "undecidable" ? judgement.reason : undefined;
  if (!judgement.decided)
    throw new CliFailure(`${flags.request}: ${undecidable}; or give the time with --at`, USAGE);
  const callers = callersBytes?.toString("latin1").replace(/\r?\n$/, "");
  const text =
    flags.output === "json"
      ? JSON.stringify(jsonOf(judgement.decided, undecidable))
      : explanation({ ...partsOf(judgement.decided), callers, undecidable });
  await writeOutput(`${text}\n`);
  const isAllowed = judgement.decided.decision.kind === "allow";
  process.exitCode = undecidable !== undefined ? EXIT.unusable : isAllowed ? EXIT.ok : EXIT.failed;
}

function partsOf(found: Decided) {
  return {
    verdict: verdictOf(found),
    decided: found,
    candidates: candidatesOf(found),
    hints: hintsFor(found),
  };
}

function jsonOf(found: Decided, undecidable: string | undefined): object {
  const stringToSign = serverString(found);
  const verdict = verdictOf(found);
  return {
    ...(undecidable === undefined
      ? verdict
      : { ...verdict, decision: "undecidable", code: null, message: null }),
    enforcement: found.decision.enforcement,
    stringToSign: stringToSign === undefined ? null : utf8(stringToSign),
    reason: undecidable ?? null,
  };
}

async function readWorld(flags: Flags, host: string) {
  if (flags.keyId === undefined && flags.credentials === undefined)
    return await readIndex(flags, untilSignal());
  return keyWorld(await readCredentials(flags), {
    host,
    environmentPrefixes: flags.environmentPrefix ?? [],
    parameters: flags.parameters,
    openVariants: flags.open ?? [],
    schemes: flags.scheme,
  });
}

function utf8(text: string): string {
  return Buffer.from(text, "latin1").toString("utf8");
}

function time(text: string): number {
  const found = /^\d{4}-\d\d-\d\dT/.test(text) ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(found)) throw new InvalidArgumentError("Write a time such as 2026-11-24T09:00:00Z.");
  return found;
}

function pathPrefix(text: string): string {
  if (!/^(\/[^/?#\s]+)+$/.test(text)) throw new InvalidArgumentError("Write a path prefix such as /release.");
  return text;
}
