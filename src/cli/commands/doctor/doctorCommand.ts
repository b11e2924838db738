import { Command, InvalidArgumentError, Option } from "commander";
import { WHY } from "../../../doctor/catalog.ts";
import { examine, type Sources } from "../../../doctor/diagnose.ts";
import type { Finding } from "../../../doctor/finding.ts";
import { accepting, exitStatus, jsonReport, textReport } from "../../../doctor/findingReport.ts";
import { lookAtCluster } from "../../../doctor/kubernetes/readKubernetes.ts";
import type { Connection } from "../../../store/kube/connection.ts";
import { connect } from "../../shared/connect.ts";
import { CliFailure, USAGE } from "../../shared/failure.ts";
import {
  type ClusterFlags,
  clusterOptions,
  durationOption,
  systemNamespaceOption,
} from "../../shared/flags.ts";
import { needs } from "../../shared/needs.ts";
import { writeOutput } from "../../shared/output.ts";
import { packageVersion } from "../../shared/packageVersion.ts";
import { aborted, interrupted, untilSignal } from "../../shared/untilSignal.ts";

interface Flags extends Sources, ClusterFlags {
  readonly cluster?: boolean;
  readonly systemNamespace: string;
  readonly operatorAccount: string;
  readonly verifierAccount: string;
  readonly accept?: readonly string[];
  readonly verbose?: boolean;
  readonly output: "text" | "json";
}

const EXAMPLES = `
Each source that is named is looked at; the more of them, the more can be compared. Without any it is the cluster:
  $ countersign doctor

  Envoy's own word, and what a standalone or a verifier has seen of it:
  $ countersign doctor --envoy-admin http://127.0.0.1:9901 --verifier http://127.0.0.1:9090

  A configuration before it is rolled out:
  $ countersign doctor --envoy-config envoy.yaml

  With a handful of requests that must be refused, and what arrived of them at the verifier:
  $ countersign doctor --probe http://127.0.0.1:8080 --host api.shop.example.com --probe-path /orders \\
      --verifier http://127.0.0.1:9090

Probes are unsigned or signed by a key that nobody has. When the first of them reaches an upstream, no other one is sent.
What each finding means is in docs/troubleshooting.md.
`;

/** `countersign doctor`: what is wrong around the verifier, above all on the Envoy side. */
export function doctorCommand(): Command {
  const command = new Command("doctor")
    .summary("say what is wrong with an installation, above all on the Envoy side")
    .description(
      "Looks at the cluster, at Envoy's configuration, at the verifiers and at live requests, and says of each thing that is wrong what was seen, why it matters, and what to write instead.",
    )
    .option("--cluster", "look at the cluster too; so does --kubeconfig or --context");
  for (const option of [...clusterOptions(), systemNamespaceOption()]) command.addOption(option);
  needs(command, { probePath: ["probe"], host: ["probe"], probe: ["host"] })
    .option("--operator-account <name>", "the operator's ServiceAccount", "countersign-operator")
    .option("--verifier-account <name>", "the verifiers' ServiceAccount", "countersign-verifier");
  for (const option of [...processOptions(), ...probeOptions()]) command.addOption(option);
  return command
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

/** The processes that are looked at beside the cluster. */
function processOptions(): readonly Option[] {
  return [
    new Option("--envoy-admin <url...>", "Envoy's admin interface, such as http://127.0.0.1:9901").argParser(
      urls,
    ),
    new Option("--envoy-config <file...>", "a configuration of Envoy, without a running one"),
    new Option(
      "--authz-cluster <name>",
      "the cluster of the verifiers, where its name does not hold `countersign`",
    ),
    new Option(
      "--verifier <url...>",
      "--metrics-listen of a verifier or standalone, such as http://127.0.0.1:9090",
    ).argParser(urls),
    new Option("--operator <url...>", "--metrics-listen of an operator").argParser(urls),
  ];
}

/** Requests that doctor sends, and those that it watches. */
function probeOptions(): readonly Option[] {
  return [
    new Option(
      "--probe <url>",
      "where callers connect, such as http://127.0.0.1:8080: send requests that must be refused",
    ).argParser(url),
    new Option("--host <name...>", "with --probe: the hosts to ask for"),
    new Option("--probe-path <path>", "with --probe: a path of a granted API").argParser(path).default("/"),
    durationOption(
      "--sample <duration>",
      "judge the checks of so long, instead of all since the verifiers' start",
      "0s",
    ),
  ];
}

async function doctor(flags: Flags): Promise<void> {
  const signal = untilSignal();
  const connection = looksAtCluster(flags) ? await connectTo(flags) : undefined;
  const surroundings = {
    signal,
    say: (line: string) => {
      if (process.stderr.isTTY) process.stderr.write(`${line}\n`);
    },
    ...(connection ? { lookAtCluster: () => lookAtCluster(connection, flags) } : {}),
  };
  const examined = examine(flags, packageVersion(), surroundings);
  const found = await Promise.race([examined, aborted(signal)]).finally(() => connection?.close());
  if (signal.aborted || !found) throw interrupted(signal);
  await tell(accepting(found, new Set(flags.accept)), flags);
}

async function tell(findings: readonly Finding[], { output, verbose }: Flags): Promise<void> {
  const report =
    output === "text" ? textReport(findings, verbose === true) : jsonReport(findings, packageVersion());
  await writeOutput(`${report}\n`);
  process.exitCode = exitStatus(findings);
}

/** Where nothing else is named, the cluster is meant. */
function looksAtCluster(flags: Flags): boolean {
  const others = [flags.envoyAdmin, flags.envoyConfig, flags.verifier, flags.operator, flags.probe];
  const isNamed = flags.cluster === true || flags.kubeconfig !== undefined || flags.context !== undefined;
  return isNamed || others.every((source) => source === undefined);
}

async function connectTo(flags: Flags): Promise<Connection> {
  try {
    return (await connect(flags)).connection;
  } catch (error) {
    if (!(error instanceof CliFailure)) throw error;
    throw new CliFailure(
      `${error.message}; without a cluster name what to look at (add --help for examples)`,
      USAGE,
    );
  }
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
