import { Command, InvalidArgumentError, Option } from "commander";
import { WHY } from "./doctor/catalog.ts";
import { examine, type Sources } from "./doctor/examine.ts";
import type { Finding } from "./doctor/finding.ts";
import { accepting, exitStatus, jsonReport, textReport } from "./doctor/report.ts";
import { CliFailure, USAGE } from "./failure.ts";
import { durationOption } from "./flags.ts";
import { untilSignal } from "./untilSignal.ts";
import { packageVersion } from "./version.ts";

interface Flags extends Sources {
  readonly accept?: readonly string[];
  readonly verbose?: boolean;
  readonly output: "text" | "json";
}

const EXAMPLES = `
Each source that is named is looked at; the more of them, the more can be compared:
  Envoy's own word, and what a standalone or a verifier has seen of it:
  $ countersign doctor --envoy-admin http://127.0.0.1:9901 --verifier http://127.0.0.1:9090

  A configuration before it is rolled out:
  $ countersign doctor --envoy-config envoy.yaml

  With a handful of requests that must be refused, and what arrived of them at the verifier:
  $ countersign doctor --probe http://127.0.0.1:8080 --host api.shop.example.com --probe-path /orders \\
      --verifier http://127.0.0.1:9090

Probes are unsigned or signed by a key that nobody has. When the first of them reaches an upstream, no other one is sent.
What each finding means is in docs/troubleshooting.md.

Exit status: 0 without an error, 1 with one, 2 when it was asked in a way that it does not understand, or could not look.
`;

/** `countersign doctor`: what is wrong around the verifier, above all on the Envoy side. */
export function doctorCommand(): Command {
  return new Command("doctor")
    .summary("say what is wrong with an installation, above all on the Envoy side")
    .description(
      "Looks at Envoy's configuration, at the verifiers and at live requests, and says of each thing that is wrong what was seen, why it matters, and what to write instead.",
    )
    .option("--envoy-admin <url...>", "Envoy's admin interface, such as http://127.0.0.1:9901", urls)
    .option("--envoy-config <file...>", "a configuration of Envoy, without a running one")
    .option(
      "--authz-cluster <name>",
      "the cluster of the verifiers, where its name does not hold `countersign`",
    )
    .option(
      "--verifier <url...>",
      "--metrics-listen of a verifier or standalone, such as http://127.0.0.1:9090",
      urls,
    )
    .option("--operator <url...>", "--metrics-listen of an operator", urls)
    .option(
      "--probe <url>",
      "where callers connect, such as http://127.0.0.1:8080: send requests that must be refused",
      url,
    )
    .option("--host <name...>", "with --probe: the hosts to ask for")
    .addOption(
      new Option("--probe-path <path>", "with --probe: a path of a granted API").argParser(path).default("/"),
    )
    .addOption(
      durationOption(
        "--sample <duration>",
        "judge the checks of so long, instead of all since the verifiers' start",
        "0s",
      ),
    )
    .option(
      "--accept <finding...>",
      "findings that are known limits of your gateway: told as warnings",
      finding,
    )
    .option("-v, --verbose", "show what is fine too")
    .addOption(new Option("-o, --output <format>", "text or json").choices(["text", "json"]).default("text"))
    .addHelpText("after", EXAMPLES)
    .action(doctor);
}

async function doctor(flags: Flags): Promise<void> {
  requireSources(flags);
  const signal = untilSignal();
  const say = (line: string) => {
    if (process.stderr.isTTY) process.stderr.write(`${line}\n`);
  };
  const found = await examine(flags, packageVersion(), { say, signal });
  if (signal.aborted) throw new CliFailure("interrupted", USAGE);
  const findings: readonly Finding[] = accepting(found, new Set(flags.accept));
  const isText = flags.output === "text";
  const report = isText
    ? textReport(findings, flags.verbose === true)
    : jsonReport(findings, packageVersion());
  process.stdout.write(`${report}\n`);
  process.exitCode = exitStatus(findings);
}

function requireSources(flags: Flags): void {
  const named = [flags.envoyAdmin, flags.envoyConfig, flags.verifier, flags.operator, flags.probe];
  if (named.every((source) => source === undefined))
    throw new CliFailure(
      "say what to look at: --envoy-admin, --envoy-config, --verifier, --operator or --probe (add --help for examples)",
      USAGE,
    );
  if ((flags.probe === undefined) !== (flags.host === undefined))
    throw new CliFailure("--probe and --host belong together: which host is asked for, and where", USAGE);
}

function url(value: string): string {
  if (!URL.canParse(value) || !/^https?:$/.test(new URL(value).protocol))
    throw new InvalidArgumentError("Write http://host:port.");
  return value.replace(/\/+$/, "");
}

/** commander calls this once a value. */
function urls(value: string, before: readonly string[] = []): readonly string[] {
  return [...before, url(value)];
}

function path(value: string): string {
  if (!/^\/[!-~]*$/.test(value)) throw new InvalidArgumentError("Write a path such as /orders.");
  return value;
}

function finding(value: string, before: readonly string[] = []): readonly string[] {
  if (!Object.hasOwn(WHY, value))
    throw new InvalidArgumentError("Write the name of a finding, such as body-sanitised.");
  return [...before, value];
}
