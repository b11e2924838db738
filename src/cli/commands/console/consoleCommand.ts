import { Command, InvalidArgumentError, Option } from "commander";
import type { ConsoleSource } from "../../../console/source.ts";
import type { ClusterConsoleFlags } from "../../shared/console/clusterSource.ts";
import type { ServeFlags } from "../../shared/console/serveConsole.ts";
import { clusterOptions } from "../../shared/flags/clusterFlags.ts";
import { needs } from "../../shared/flags/needs.ts";
import { repeatable } from "../../shared/flags/optionValues.ts";
import { compactHeap } from "../../shared/heap/compactHeap.ts";
import { trimHeap } from "../../shared/heap/trimHeap.ts";
import { aborted, untilSignal } from "../../shared/untilSignal.ts";

interface Flags extends ClusterConsoleFlags, ServeFlags {
  readonly resources?: string;
  readonly stateDir: string;
  readonly compare?: string;
  readonly verifierMetrics?: readonly string[];
}

/** With 10,000 Applications, all pages and a change each second the process then has 240 MiB; with 100 % it has 330 MiB. */
const HEAP_GROWTH_PERCENT = 20;

const HELP = `
The console listens on 127.0.0.1 alone, and ends with this command. The link works once, in one browser. What is shown is what your
kubeconfig may read; where a right is missing, the page names it. Nothing is changed before you have seen a change and applied it.

Examples:
  $ countersign console
  $ kubectl countersign console --context production --namespace team-shop
  $ countersign console --resources ./resources
  What would this branch change in the cluster?
  $ countersign console --compare ./resources
`;

/** `countersign console`: shows Applications, grants and domains in the browser. */
export function consoleCommand(): Command {
  const command = new Command("console")
    .summary("show Applications, grants and domains in the browser")
    .description(
      "Starts a local web server on loopback and opens the browser: on the cluster of the kubeconfig, with your rights, or on a directory of YAML.",
    );
  for (const option of clusterOptions()) command.addOption(option);
  return needs(command, { stateDir: ["resources"] })
    .option("-n, --namespace <name>", "namespace to show if you may not list all (default: of the context)")
    .addOption(
      new Option(
        "--resources <directory>",
        "show the objects in this directory of YAML files, and in its subdirectories, instead of those of the cluster",
      ).conflicts(["kubeconfig", "context", "dataNamespace", "namespace"]),
    )
    .option(
      "--state-dir <directory>",
      "where `standalone` keeps the key pairs of that directory",
      ".countersign",
    )
    .option(
      "--compare <directory>",
      "show also what this directory of YAML, such as a checkout, would open and close",
    )
    .option(
      "--verifier-metrics <url>",
      "metrics port of a verifier or standalone, such as http://127.0.0.1:9090, for its decisions; repeat it for several (default: of the verifiers' Pods, through the API server)",
      repeatable(metricsUrl),
    )
    .addOption(new Option("--port <port>", "port on 127.0.0.1").argParser(parsePort).default(0, "a free one"))
    .option("--no-open", "print the link, and do not open the browser")
    .addHelpText("after", HELP)
    .action(runConsole);
}

/** Runs until SIGINT or SIGTERM. Throws CliFailure and ListenFailure. The code of the console is loaded here: no other command needs it. */
async function runConsole(flags: Flags): Promise<void> {
  const signal = untilSignal();
  compactHeap(HEAP_GROWTH_PERCENT);
  const { serveConsole } = await import("../../shared/console/serveConsole.ts");
  const { withExtras } = await import("../../shared/console/compare.ts");
  const serve = async (source: ConsoleSource) => {
    trimHeap();
    const { stop } = await serveConsole(withExtras(source, flags, signal), flags);
    await aborted(signal);
    stop();
  };
  const { resources, stateDir } = flags;
  if (resources === undefined) {
    const { withClusterSource } = await import("../../shared/console/clusterSource.ts");
    await withClusterSource(flags, signal, serve);
  } else {
    const { withDirectorySource } = await import("../../shared/console/directorySource.ts");
    await withDirectorySource({ resources, stateDir }, signal, serve);
  }
}

function metricsUrl(text: string): string {
  if (!/^https?:\/\/[^/?#\s]+\/?$/.test(text))
    throw new InvalidArgumentError("Write the address of a metrics port, such as http://127.0.0.1:9090.");
  return text.replace(/\/$/, "");
}

function parsePort(text: string): number {
  const port = Number(text);
  if (!/^\d+$/.test(text) || port > 65_535)
    throw new InvalidArgumentError("Write a port from 1 to 65535, or 0 for a free one.");
  return port;
}
