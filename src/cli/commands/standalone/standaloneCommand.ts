import { Command } from "commander";
import { classOption } from "../../shared/flags/clusterFlags.ts";
import { needs } from "../../shared/flags/needs.ts";
import { TLS_HELP } from "../../shared/flags/tlsFlags.ts";
import { verifierOptions } from "../../shared/flags/verifierFlags.ts";
import { runStandalone } from "./runStandalone.ts";

const EXAMPLES = `
Examples:
  $ countersign standalone ./resources
  $ countersign envoy-config --upstream http://127.0.0.1:3000 --resources ./resources > envoy.yaml

The directory is read as \`kubectl apply -f\` reads it, and watched. What a broken file last declared well stays in force.
A file that is gone for 2 s counts as deleted. Generated key pairs lie in the state directory, which belongs in no repository:
  .countersign/credentials/<namespace>/<name>.yaml
`;

/** `countersign standalone`: operator and verifier in one process, over a directory of YAML. */
export function standaloneCommand(): Command {
  const command = new Command("standalone")
    .summary("do it all in one process, over a directory of YAML")
    .description(
      "Reconciles the Applications, ApiGrants and ApiDomains of a directory and answers Envoy's checks, without a cluster. Prints a line for each object whenever its conditions change.",
    )
    .argument("<directory>", "directory of YAML or JSON files");
  // The report on standard output says what happens; the log adds what needs attention.
  const defaults = { host: "127.0.0.1", drain: "0s", logLevel: "warn" } as const;
  for (const option of verifierOptions(defaults)) command.addOption(option);
  return needs(command, { tlsMaxConnectionAge: ["tlsDir"] })
    .option("--state-dir <directory>", "where identities, key pairs and projections are kept", ".countersign")
    .addOption(classOption())
    .addHelpText("after", EXAMPLES + TLS_HELP)
    .action(runStandalone);
}
