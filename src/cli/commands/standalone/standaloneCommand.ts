import { Command } from "commander";
import { classOption } from "../../shared/flags/clusterFlags.ts";
import { lastUseOptions } from "../../shared/flags/lastUseFlags.ts";
import { needs } from "../../shared/flags/needs.ts";
import { TLS_HELP } from "../../shared/flags/tlsFlags.ts";
import { verifierOptions } from "../../shared/flags/verifierFlags.ts";
import { runStandalone } from "./runStandalone.ts";

const EXAMPLES = `
Examples:
  $ countersign standalone ./resources
  $ countersign envoy-config --upstream http://127.0.0.1:3000 --resources ./resources > envoy.yaml

The directory is read as \`kubectl apply -f\` reads it, and watched. While a file is invalid, its last valid content stays in
effect. A file that is missing for 2 s counts as deleted. Generated key pairs are in the state directory. Never commit it:
  .countersign/credentials/<namespace>/<name>.yaml
`;

/** `countersign standalone`: operator and verifier in one process, over a directory of YAML. */
export function standaloneCommand(): Command {
  const command = new Command("standalone")
    .summary("run operator and verifier in one process, over a directory of YAML")
    .description(
      "Reconciles the Applications, ApiGrants and ApiDomains of a directory and replies to Envoy's checks, without a cluster. Prints a line for each object whenever its conditions change.",
    )
    .argument("<directory>", "directory of YAML or JSON files");
  // The report on standard output shows every change, so the log has only what needs attention.
  const defaults = { host: "127.0.0.1", drain: "0s", logLevel: "warn" } as const;
  for (const option of verifierOptions(defaults)) command.addOption(option);
  for (const option of lastUseOptions()) command.addOption(option);
  return needs(command, { tlsMaxConnectionAge: ["tlsDir"], unusedAfter: ["lastUse"] })
    .option("--state-dir <directory>", "where identities, key pairs and projections are kept", ".countersign")
    .addOption(classOption())
    .option("--console", "show the objects and decisions in the browser, as `countersign console` does")
    .option("--no-open", "with --console: print its link, and do not open the browser")
    .addHelpText("after", EXAMPLES + TLS_HELP)
    .action(runStandalone);
}
