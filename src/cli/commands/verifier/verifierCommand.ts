import { Command, InvalidArgumentError, Option } from "commander";
import { clusterOptions } from "../../shared/flags/clusterFlags.ts";
import { needs } from "../../shared/flags/needs.ts";
import { NONCE_HELP, nonceOptions } from "../../shared/flags/nonceFlags.ts";
import { durationOption } from "../../shared/flags/optionValues.ts";
import { TLS_HELP } from "../../shared/flags/tlsFlags.ts";
import { verifierOptions } from "../../shared/flags/verifierFlags.ts";
import { runVerifier } from "./runVerifier.ts";

const EXAMPLES = `
One process uses one core. On a machine without Kubernetes run several, each with its own --instance and ports, and give Envoy all of them:
  $ countersign verifier --instance 0 --listen 127.0.0.1:9001 --metrics-listen 127.0.0.1:9090
  $ countersign verifier --instance 1 --listen 127.0.0.1:9002 --metrics-listen 127.0.0.1:9091
`;

/** `countersign verifier`: replies to Envoy's checks from the projections of a cluster. */
export function verifierCommand(): Command {
  const command = new Command("verifier")
    .summary("reply to Envoy's checks from the projections of a cluster")
    .description(
      "Replies to Envoy's ext_authz checks (gRPC) from the projections in the cluster's data namespace. It serves when it has loaded all of them. During an outage of the API server it continues to decide for --max-staleness, and then denies every request.",
    );
  const defaults = { host: "0.0.0.0", drain: "5s", logLevel: "info" } as const;
  for (const option of [...verifierOptions(defaults), ...nonceOptions(), ...clusterOptions()])
    command.addOption(option);
  const ofNonceStore = ["nonceStorePasswordFile", "nonceStoreTlsDir", "nonceStoreTimeout"];
  return needs(command, {
    tlsMaxConnectionAge: ["tlsDir"],
    ...Object.fromEntries(ofNonceStore.map((name) => [name, ["nonceStore"]])),
  })
    .addOption(
      new Option("--instance <name>", "name of this process, unique among those of one Pod or machine")
        .argParser(instance)
        .default("0"),
    )
    .addOption(
      durationOption("--max-staleness <duration>", "how long to decide without contact to the cluster", "1h"),
    )
    .option(
      "--last-use",
      "report the day on which keys and grants were last used; start the operator with --last-use, too",
    )
    .addHelpText("after", EXAMPLES + TLS_HELP + NONCE_HELP)
    .action(runVerifier);
}

function instance(text: string): string {
  if (!/^[a-z0-9]([-a-z0-9]{0,30}[a-z0-9])?$/.test(text))
    throw new InvalidArgumentError("Write at most 32 lower-case letters, digits and -, for example 1.");
  return text;
}
