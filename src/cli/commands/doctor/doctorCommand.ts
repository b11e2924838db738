import { Command, InvalidArgumentError, Option } from "commander";
import { WHY } from "../../../doctor/catalog.ts";
import { clusterOptions, systemNamespaceOption } from "../../shared/flags/clusterFlags.ts";
import { needs } from "../../shared/flags/needs.ts";
import { durationOption, repeatable } from "../../shared/flags/optionValues.ts";
import { runDoctor } from "./runDoctor.ts";

const EXAMPLES = `
Doctor reads each source that you name. The more sources, the more it can compare. Without any it reads the cluster:
  $ countersign doctor

  A running Envoy, and the Checks that a verifier or standalone received from it:
  $ countersign doctor --envoy-admin http://127.0.0.1:9901 --verifier http://127.0.0.1:9090

  A configuration before you roll it out:
  $ countersign doctor --envoy-config envoy.yaml

  A few requests that must be denied, and how they arrive at the verifier:
  $ countersign doctor --probe http://127.0.0.1:8080 --host api.shop.example.com --probe-path /orders \\
      --verifier http://127.0.0.1:9090

Probes are unsigned or signed with an unknown key. If a probe reaches an upstream, no further probe is sent.
docs/troubleshooting.md explains each finding.
`;

/** `countersign doctor`: checks an installation, above all the configuration of Envoy. */
export function doctorCommand(): Command {
  const command = new Command("doctor")
    .summary("check an installation, above all the configuration of Envoy")
    .description(
      "Checks the cluster, Envoy's configuration, the verifiers and live requests. Reports for each problem what was found, why it matters, and what to write instead.",
    );
  const options = [
    new Option("--cluster", "read the cluster too; --kubeconfig or --context imply it"),
    ...clusterOptions(),
    systemNamespaceOption(),
    ...sourceOptions(),
    ...probeOptions(),
    ...reportOptions(),
  ];
  for (const option of options) command.addOption(option);
  return needs(command, { probePath: ["probe"], host: ["probe"], probe: ["host"] })
    .addHelpText("after", EXAMPLES)
    .action(runDoctor);
}

function sourceOptions(): readonly Option[] {
  return [
    new Option("--operator-account <name>", "the operator's ServiceAccount").default("countersign-operator"),
    new Option("--verifier-account <name>", "the verifiers' ServiceAccount").default("countersign-verifier"),
    new Option("--envoy-admin <url...>", "Envoy's admin interface, such as http://127.0.0.1:9901").argParser(
      repeatable(url),
    ),
    new Option("--envoy-config <file...>", "a file of Envoy's configuration, without a running Envoy"),
    new Option(
      "--authz-cluster <name>",
      "Envoy's cluster of the verifiers, if its name does not contain `countersign`",
    ),
    new Option(
      "--verifier <url...>",
      "--metrics-listen of a verifier or standalone, such as http://127.0.0.1:9090",
    ).argParser(repeatable(url)),
    new Option("--operator <url...>", "--metrics-listen of an operator").argParser(repeatable(url)),
  ];
}

function probeOptions(): readonly Option[] {
  return [
    new Option(
      "--probe <url>",
      "where callers connect, such as http://127.0.0.1:8080: sends requests that must be denied",
    ).argParser(url),
    new Option("--host <name...>", "with --probe: the hosts of the requests"),
    new Option("--probe-path <path>", "with --probe: a path of a granted API").argParser(path).default("/"),
    durationOption(
      "--sample <duration>",
      "check only the Checks that verifiers receive in this time, instead of all since their start",
      "0s",
    ),
  ];
}

function reportOptions(): readonly Option[] {
  return [
    new Option(
      "--accept <finding...>",
      "findings that are known limits of your gateway: reported as warnings",
    ).argParser(repeatable(finding)),
    new Option("-v, --verbose", "also report the checks that found no problem"),
    new Option("-o, --output <format>", "text or json").choices(["text", "json"]).default("text"),
  ];
}

function url(value: string): string {
  if (!URL.canParse(value) || !/^https?:$/.test(new URL(value).protocol))
    throw new InvalidArgumentError("Write http://host:port.");
  return value.replace(/\/+$/, "");
}

function path(value: string): string {
  if (!/^\/[!-~]*$/.test(value)) throw new InvalidArgumentError("Write a path such as /orders.");
  return value;
}

function finding(value: string): string {
  if (!Object.hasOwn(WHY, value))
    throw new InvalidArgumentError("Write the name of a finding, such as body-sanitised.");
  return value;
}
